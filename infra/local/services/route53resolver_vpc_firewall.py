"""Route 53 Resolver's DNS firewall at a VPC: which rule groups judge its queries, and what happens when they cannot.

API shapes: botocore 1.44.5, service `route53resolver`; refusals and quotas: Route 53 Resolver API reference and
developer guide ("Resolver DNS Firewall"), read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.route53resolver.responses import Route53ResolverResponse

from infra.local.operations import Call, named, serve
from infra.local.resource_type import Refused
from infra.local.rules import route53resolver_firewall_rule_group_association as association
from infra.local.services.route53resolver_firewall import (
    every,
    find,
    group_of,
    keep,
    make,
    now,
    page,
    remove,
    told,
)


def extend() -> None:
    """Serve the firewall's associations and configurations."""
    functions = (
        associate_firewall_rule_group,
        get_firewall_rule_group_association,
        list_firewall_rule_group_associations,
        update_firewall_rule_group_association,
        disassociate_firewall_rule_group,
        get_firewall_config,
        update_firewall_config,
        list_firewall_configs,
    )
    serve(Route53ResolverResponse, {named(function): function for function in functions})


# Associations with VPCs


def associate_firewall_rule_group(call: Call) -> dict[str, Any]:
    """AssociateFirewallRuleGroup."""
    asked, group = call.parameters, group_of(call)
    _vpc(call, asked["VpcId"])
    at_vpc = [one for one in every(call, "firewall_associations") if one["VpcId"] == asked["VpcId"]]
    if any(one["FirewallRuleGroupId"] == group["Id"] for one in at_vpc):
        message = f"rule group {group['Id']} is already associated with {asked['VpcId']}"
        raise Refused("ConflictException", message)
    association.quota(call.account, call.region, asked["VpcId"], at_vpc)
    association.priority_range(asked["Priority"])
    association.priority(at_vpc, asked["Priority"])
    made = make(call, "firewall_associations", "rslvr-frgassoc", "firewall-rule-group-association")
    kept = {name: asked[name] for name in ("FirewallRuleGroupId", "VpcId", "Priority")}
    protection = {"MutationProtection": asked.get("MutationProtection", "DISABLED")}
    return {"FirewallRuleGroupAssociation": keep(call, "firewall_associations", {**made, **kept, **protection})}


def get_firewall_rule_group_association(call: Call) -> dict[str, Any]:
    """GetFirewallRuleGroupAssociation."""
    return {"FirewallRuleGroupAssociation": told(_association_of(call))}


def list_firewall_rule_group_associations(call: Call) -> dict[str, Any]:
    """ListFirewallRuleGroupAssociations, by any of its criteria."""
    names = ("FirewallRuleGroupId", "VpcId", "Priority", "Status")
    asked = {name: call.parameters[name] for name in names if name in call.parameters}
    found = [told(one) for one in every(call, "firewall_associations") if asked.items() <= one.items()]
    return page(call, "FirewallRuleGroupAssociations", found)


def update_firewall_rule_group_association(call: Call) -> dict[str, Any]:
    """UpdateFirewallRuleGroupAssociation: under mutation protection, only the protection itself may change."""
    found = _association_of(call)
    changes: dict[str, Any] = {
        name: call.parameters[name] for name in ("Priority", "MutationProtection", "Name") if name in call.parameters
    }
    association.mutation_protection(found, changes.get("MutationProtection"))
    if "Priority" in changes:
        others = [
            one
            for one in every(call, "firewall_associations")
            if one["VpcId"] == found["VpcId"] and one["Id"] != found["Id"]
        ]
        association.priority_range(changes["Priority"])
        association.priority(others, changes["Priority"])
    found.update({**changes, "ModificationTime": now()})
    return {"FirewallRuleGroupAssociation": told(found)}


def disassociate_firewall_rule_group(call: Call) -> dict[str, Any]:
    """DisassociateFirewallRuleGroup: refused under mutation protection."""
    found = _association_of(call)
    association.mutation_protection(found)
    return {"FirewallRuleGroupAssociation": remove(call, "firewall_associations", found)}


# What happens while the firewall cannot judge


def get_firewall_config(call: Call) -> dict[str, Any]:
    """GetFirewallConfig: a VPC that nobody changed fails closed."""
    return {"FirewallConfig": _config(call, call.parameters["ResourceId"])}


def update_firewall_config(call: Call) -> dict[str, Any]:
    """UpdateFirewallConfig."""
    config = _config(call, call.parameters["ResourceId"])
    config["FirewallFailOpen"] = call.parameters["FirewallFailOpen"]
    call.kept("firewall_configs")[config["ResourceId"]] = config
    return {"FirewallConfig": config}


def list_firewall_configs(call: Call) -> dict[str, Any]:
    """ListFirewallConfigs: those that someone defined."""
    return page(call, "FirewallConfigs", every(call, "firewall_configs"))


def _config(call: Call, vpc_id: str) -> dict[str, Any]:
    _vpc(call, vpc_id)
    made = {"Id": f"rslvr-fc-{vpc_id.removeprefix('vpc-')}", "ResourceId": vpc_id, "OwnerId": call.account}
    found: dict[str, Any] = call.kept("firewall_configs").get(vpc_id, {**made, "FirewallFailOpen": "DISABLED"})
    return found


def _association_of(call: Call) -> dict[str, Any]:
    return find(call, "firewall_associations", call.parameters["FirewallRuleGroupAssociationId"])


def _vpc(call: Call, vpc_id: str) -> None:
    if vpc_id not in call.backend.ec2_backend.vpcs:
        raise Refused("ResourceNotFoundException", f"Can't find the resource with ID: {vpc_id}")
