"""AWS::Route53Resolver::FirewallRuleGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared, Tagging
from infra.local.shapes import to_api

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

IDENTIFIED = {"FirewallRuleGroupId": "{id}"}
WHICH = ("FirewallDomainListId", "FirewallThreatProtectionId", "Qtype")
# What the service adds to every rule, or answers where the template said nothing.
ADDED = {"Status", "FirewallThreatProtectionId"}
DEFAULT = ("FirewallDomainRedirectionAction", "INSPECT_REDIRECTION_DOMAIN")


class FirewallRuleGroup(Declared, name="AWS::Route53Resolver::FirewallRuleGroup"):
    """A rule group with its rules, which are calls of their own."""

    service = "route53resolver"
    creates = Call("create_firewall_rule_group")
    generates = ("Name", 64)
    identity = "FirewallRuleGroup.Id"
    reads = (
        Call("get_firewall_rule_group", IDENTIFIED, "FirewallRuleGroup"),
        Call("list_firewall_rules", IDENTIFIED, "{FirewallRules: FirewallRules}"),
    )
    omits = ("FirewallRules",)  # made one by one, below
    deletes = Call("delete_firewall_rule_group", IDENTIFIED)
    tagging = Tagging(lists=Call("list_tags_for_resource", {"ResourceArn": "{Arn}"}, "Tags"))

    def create(self, properties: Properties, context: Context) -> str:
        physical_id = super().create(properties, context)
        try:
            _rule(physical_id, [], properties.get("FirewallRules", []), context)
        except Exception:
            self.delete(physical_id, properties, context)
            raise
        return physical_id

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        super().update(physical_id, old, new, context)
        _rule(physical_id, old.get("FirewallRules", []), new.get("FirewallRules", []), context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        if self.read(physical_id, context) is not None:
            _remove(physical_id, lambda _: True, context)
        super().delete(physical_id, properties, context)

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        rules = [
            {name: value for name, value in rule.items() if name not in ADDED and (name, value) != DEFAULT}
            for rule in answer.get("FirewallRules", [])
        ]
        return {**answer, "FirewallRules": rules}


def _rule(group: str, old: list[Properties], new: list[Properties], context: Context) -> None:
    """Take away the rules that are not in `new`, then make those that were not in `old`: priorities may swap."""
    gone = [rule["Priority"] for rule in old if rule not in new]
    _remove(group, lambda rule: rule["Priority"] in gone, context)
    resolver = context.client("route53resolver")
    for rule in new:
        if rule not in old:
            name = f"{context.logical_id}-{rule['Priority']}"[:64]
            arguments = to_api(resolver, "create_firewall_rule", rule, FirewallRuleGroupId=group, Name=name)
            resolver.create_firewall_rule(**arguments)


def _remove(group: str, which: Any, context: Context) -> None:
    resolver = context.client("route53resolver")
    for rule in resolver.list_firewall_rules(FirewallRuleGroupId=group)["FirewallRules"]:
        if which(rule):
            key = {name: rule[name] for name in WHICH if name in rule}
            resolver.delete_firewall_rule(FirewallRuleGroupId=group, **key)
