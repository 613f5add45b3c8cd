"""Route 53 Resolver's DNS firewall, which moto lacks: domain lists, rule groups and their rules.

API shapes: botocore 1.44.5, service `route53resolver`; refusals and quotas: Route 53 Resolver API reference and
developer guide ("Resolver DNS Firewall"), read 2026-11-24.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.moto_api._internal import mock_random
from moto.route53resolver.responses import Route53ResolverResponse

from infra.local.operations import Call, named, serve
from infra.local.resource_type import Refused
from infra.local.rules import route53resolver_firewall_rule_group


def extend() -> None:
    """Serve the DNS firewall."""
    functions = (
        create_firewall_domain_list,
        get_firewall_domain_list,
        list_firewall_domain_lists,
        update_firewall_domains,
        list_firewall_domains,
        delete_firewall_domain_list,
        create_firewall_rule_group,
        get_firewall_rule_group,
        list_firewall_rule_groups,
        delete_firewall_rule_group,
        create_firewall_rule,
        update_firewall_rule,
        delete_firewall_rule,
        list_firewall_rules,
    )
    serve(Route53ResolverResponse, {named(function): function for function in functions})


# Domain lists


def create_firewall_domain_list(call: Call) -> dict[str, Any]:
    """CreateFirewallDomainList: an empty one."""
    made = make(call, "firewall_domain_lists", "rslvr-fdl", "firewall-domain-list")
    return {"FirewallDomainList": keep(call, "firewall_domain_lists", {**made, "DomainCount": 0, "_domains": []})}


def get_firewall_domain_list(call: Call) -> dict[str, Any]:
    """GetFirewallDomainList."""
    return {"FirewallDomainList": told(_list_of(call))}


def list_firewall_domain_lists(call: Call) -> dict[str, Any]:
    """ListFirewallDomainLists; AWS's own managed lists are not among them here."""
    names = ("Id", "Arn", "Name", "CreatorRequestId", "ManagedOwnerName")
    return page(call, "FirewallDomainLists", [_short(one, names) for one in every(call, "firewall_domain_lists")])


def update_firewall_domains(call: Call) -> dict[str, Any]:
    """UpdateFirewallDomains: add, remove, or replace them all."""
    found = _list_of(call)
    given = list(dict.fromkeys(_dotted(name) for name in call.parameters["Domains"]))
    for name in given:
        if "*" in name[1:] or (name.startswith("*") and not name.startswith("*.")):
            raise Refused("ValidationException", f"a wildcard may only stand first and alone: {name}")
    match call.parameters["Operation"]:
        case "REPLACE":
            found["_domains"] = given
        case "ADD":
            found["_domains"] = list(dict.fromkeys([*found["_domains"], *given]))
        case _:
            found["_domains"] = [name for name in found["_domains"] if name not in given]
    found["DomainCount"] = len(found["_domains"])
    found["ModificationTime"] = now()
    return _short(found, ("Id", "Name", "Status", "StatusMessage"))


def list_firewall_domains(call: Call) -> dict[str, Any]:
    """ListFirewallDomains: names end in a dot, as on AWS."""
    return page(call, "Domains", _list_of(call)["_domains"])


def delete_firewall_domain_list(call: Call) -> dict[str, Any]:
    """DeleteFirewallDomainList: refused while a rule uses it."""
    found = _list_of(call)
    for group in every(call, "firewall_rule_groups"):
        if any(rule.get("FirewallDomainListId") == found["Id"] for rule in group["_rules"]):
            message = f"Cannot delete domain list {found['Id']}: it is used by {group['Id']}"
            raise Refused("ConflictException", message)
    return {"FirewallDomainList": remove(call, "firewall_domain_lists", found)}


# Rule groups and their rules


def create_firewall_rule_group(call: Call) -> dict[str, Any]:
    """CreateFirewallRuleGroup: an empty one."""
    made = make(call, "firewall_rule_groups", "rslvr-frg", "firewall-rule-group")
    whole = {**made, "RuleCount": 0, "OwnerId": call.account, "ShareStatus": "NOT_SHARED", "_rules": []}
    return {"FirewallRuleGroup": keep(call, "firewall_rule_groups", whole)}


def get_firewall_rule_group(call: Call) -> dict[str, Any]:
    """GetFirewallRuleGroup."""
    return {"FirewallRuleGroup": told(group_of(call))}


def list_firewall_rule_groups(call: Call) -> dict[str, Any]:
    """ListFirewallRuleGroups."""
    names = ("Id", "Arn", "Name", "OwnerId", "CreatorRequestId", "ShareStatus")
    return page(call, "FirewallRuleGroups", [_short(one, names) for one in every(call, "firewall_rule_groups")])


def delete_firewall_rule_group(call: Call) -> dict[str, Any]:
    """DeleteFirewallRuleGroup: refused while it is associated with a VPC or has rules."""
    found = group_of(call)
    used = [one["Id"] for one in every(call, "firewall_associations") if one["FirewallRuleGroupId"] == found["Id"]]
    if used or found["_rules"]:
        because = f"it is associated: {', '.join(used)}" if used else "it has rules"
        raise Refused("ConflictException", f"Cannot delete rule group {found['Id']}: {because}")
    return {"FirewallRuleGroup": remove(call, "firewall_rule_groups", found)}


def create_firewall_rule(call: Call) -> dict[str, Any]:
    """CreateFirewallRule: one list or one kind of threat protection, at a priority of its own."""
    asked, group = dict(call.parameters), group_of(call)
    _check_rule(call, group, asked)
    route53resolver_firewall_rule_group.list_once(group, asked)
    if "FirewallDomainListId" not in asked:
        asked["FirewallThreatProtectionId"] = f"rslvr-frtp-{mock_random.get_random_hex(17)}"
    defaults = {"FirewallDomainRedirectionAction": "INSPECT_REDIRECTION_DOMAIN"}
    rule = {**defaults, **asked, "CreationTime": now(), "ModificationTime": now(), "Status": "COMPLETE"}
    group["_rules"].append(rule)
    group["RuleCount"] = len(group["_rules"])
    return {"FirewallRule": rule}


def update_firewall_rule(call: Call) -> dict[str, Any]:
    """UpdateFirewallRule."""
    group = group_of(call)
    rule = _rule_of(call, group)
    changed = {**rule, **call.parameters}
    if changed["Action"] != "BLOCK":
        changed = {name: value for name, value in changed.items() if not name.startswith("Block")}
    _check_rule(call, group, changed, besides=rule)
    rule.clear()
    rule.update({**changed, "ModificationTime": now()})
    return {"FirewallRule": rule}


def delete_firewall_rule(call: Call) -> dict[str, Any]:
    """DeleteFirewallRule."""
    group = group_of(call)
    rule = _rule_of(call, group)
    group["_rules"].remove(rule)
    group["RuleCount"] = len(group["_rules"])
    return {"FirewallRule": rule}


def list_firewall_rules(call: Call) -> dict[str, Any]:
    """ListFirewallRules, by priority."""
    asked = {name: call.parameters[name] for name in ("Priority", "Action") if name in call.parameters}
    rules = sorted(group_of(call)["_rules"], key=lambda rule: rule["Priority"])
    return page(call, "FirewallRules", [rule for rule in rules if asked.items() <= rule.items()])


def _check_rule(call: Call, group: dict[str, Any], rule: dict[str, Any], besides: Any = None) -> None:
    if "FirewallDomainListId" in rule:
        find(call, "firewall_domain_lists", rule["FirewallDomainListId"])
    elif "DnsThreatProtection" not in rule and "FirewallRuleType" not in rule:
        raise Refused("ValidationException", "a rule needs a FirewallDomainListId or a threat protection")
    route53resolver_firewall_rule_group.block_response(rule)
    route53resolver_firewall_rule_group.override(rule)
    others = [one for one in group["_rules"] if one is not besides]
    route53resolver_firewall_rule_group.priority(group, others, rule["Priority"])


def _rule_of(call: Call, group: dict[str, Any]) -> dict[str, Any]:
    rules: list[dict[str, Any]] = group["_rules"]
    for rule in rules:
        if _key(rule) == _key(call.parameters):
            return rule
    raise Refused("ResourceNotFoundException", f"no such rule in rule group {group['Id']}")


def _key(rule: dict[str, Any]) -> tuple[Any, ...]:
    return (rule.get("FirewallDomainListId"), rule.get("FirewallThreatProtectionId"), rule.get("Qtype"))


# What several operations share


def make(call: Call, kind: str, prefix: str, path: str) -> dict[str, Any]:
    """What every kind of firewall resource has, for this request; its tags are kept."""
    asked = call.parameters
    for one in every(call, kind):
        if one["CreatorRequestId"] == asked["CreatorRequestId"]:
            message = f"{one['Id']} was made by request {asked['CreatorRequestId']} already"
            raise Refused("ValidationException", message)
    made_id = f"{prefix}-{mock_random.get_random_hex(17)}"
    made = {
        "Id": made_id,
        "Arn": call.arn("route53resolver", f"{path}/{made_id}"),
        "Name": asked["Name"],
        "Status": "COMPLETE",
        "CreatorRequestId": asked["CreatorRequestId"],
        "CreationTime": now(),
        "ModificationTime": now(),
    }
    if asked.get("Tags"):
        call.backend.tagger.tag_resource(made["Arn"], asked["Tags"])
    return made


def keep(call: Call, kind: str, made: dict[str, Any]) -> dict[str, Any]:
    """Keep what was made; as the service tells it."""
    call.kept(kind)[made["Id"]] = made
    return told(made)


def remove(call: Call, kind: str, found: dict[str, Any]) -> dict[str, Any]:
    """Take it away; as the service tells it last."""
    del call.kept(kind)[found["Id"]]
    call.backend.tagger.delete_all_tags_for_resource(found["Arn"])
    return {**told(found), "Status": "DELETING"}


def find(call: Call, kind: str, made_id: str) -> dict[str, Any]:
    """The kept thing of this id, or AWS's refusal."""
    found: dict[str, Any] | None = call.kept(kind).get(made_id)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Can't find the resource with ID: {made_id}")
    return found


def _list_of(call: Call) -> dict[str, Any]:
    return find(call, "firewall_domain_lists", call.parameters["FirewallDomainListId"])


def group_of(call: Call) -> dict[str, Any]:
    """The rule group a request names."""
    return find(call, "firewall_rule_groups", call.parameters["FirewallRuleGroupId"])


def every(call: Call, kind: str) -> list[dict[str, Any]]:
    """All kept things of a kind, in the order they were made."""
    return list(call.kept(kind).values())


def told(found: dict[str, Any]) -> dict[str, Any]:
    """A kept thing without what is ours alone (names that start with `_`)."""
    return {name: value for name, value in found.items() if not name.startswith("_")}


def _short(found: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: found[name] for name in names if name in found}


def _dotted(name: str) -> str:
    return f"{name.lower().removesuffix('.')}."


def now() -> str:
    """The time, as this service writes it."""
    return datetime.now(UTC).isoformat()


def page(call: Call, member: str, found: list[Any]) -> dict[str, Any]:
    """One page of an answer: the token is the number of the next item."""
    start = int(call.parameters.get("NextToken", 0))
    end = start + call.parameters.get("MaxResults", 100)
    return {member: found[start:end], **({"NextToken": str(end)} if end < len(found) else {})}
