"""AWS::Route53Resolver::FirewallRuleGroupAssociation."""

from __future__ import annotations

from typing import ClassVar

from infra.local.declared import Call, Declared, Tagging

IDENTIFIED = {"FirewallRuleGroupAssociationId": "{id}"}


class FirewallRuleGroupAssociation(Declared, name="AWS::Route53Resolver::FirewallRuleGroupAssociation"):
    """A rule group that judges a VPC's queries, in the order of priorities."""

    service = "route53resolver"
    creates = Call("associate_firewall_rule_group")
    generates = ("Name", 64)
    identity = "FirewallRuleGroupAssociation.Id"
    reads = (Call("get_firewall_rule_group_association", IDENTIFIED, "FirewallRuleGroupAssociation"),)
    updates = Call("update_firewall_rule_group_association", IDENTIFIED)
    create_only = ("FirewallRuleGroupId", "VpcId")
    defaults: ClassVar = {"MutationProtection": "DISABLED"}
    deletes = Call("disassociate_firewall_rule_group", IDENTIFIED)
    tagging = Tagging(lists=Call("list_tags_for_resource", {"ResourceArn": "{Arn}"}, "Tags"))
