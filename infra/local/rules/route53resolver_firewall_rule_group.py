"""AWS::Route53Resolver::FirewallRuleGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE = "AWS::Route53Resolver::FirewallRuleGroup"
SOURCE = (
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_CreateFirewallRule.html, "
    "and cdk-preflight 1.9.1 (neither has the text, which is inferred), read 2026-11-24"
)


@rule(TYPE, error="ValidationException", source=SOURCE)
def block_response(asked: dict[str, Any]) -> str | None:
    """A rule that blocks says what is answered, and no other rule does."""
    if asked["Action"] == "BLOCK" and "BlockResponse" not in asked:
        return "BlockResponse is required with the action BLOCK"
    if asked["Action"] != "BLOCK" and "BlockResponse" in asked:
        return "BlockResponse is for the action BLOCK alone"
    return None


@rule(TYPE, error="ValidationException", source=SOURCE)
def override(asked: dict[str, Any]) -> str | None:
    """A blocked query that is answered by another name says which, and for how long."""
    given = {"BlockOverrideDomain", "BlockOverrideDnsType", "BlockOverrideTtl"}
    if (asked.get("BlockResponse") == "OVERRIDE") == (given <= asked.keys()):
        return None
    return "OVERRIDE needs domain, DNS type and TTL, and they it"


@rule(TYPE, error="ValidationException", source=SOURCE)
def priority(group: dict[str, Any], others: Iterable[dict[str, Any]], wanted: int) -> str | None:
    """No two rules of a group have one priority."""
    if all(one["Priority"] != wanted for one in others):
        return None
    return f"priority {wanted} is taken in rule group {group['Id']}"


@rule(
    TYPE,
    error="ValidationException",
    source="cdk-preflight 1.9.1; hashicorp/terraform-provider-aws#38073 (another type of query is another rule); "
    "the text is inferred; read 2026-11-24",
)
def list_once(group: dict[str, Any], asked: dict[str, Any]) -> str | None:
    """No two rules of a group are for one domain list and one type of query."""
    wanted = (asked.get("FirewallDomainListId"), asked.get("Qtype"))
    if wanted[0] is None or all(
        (one.get("FirewallDomainListId"), one.get("Qtype")) != wanted for one in group["_rules"]
    ):
        return None
    return f"the rule exists already in {group['Id']}"
