"""AWS::Route53Resolver::FirewallRuleGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPE = "AWS::Route53Resolver::FirewallRuleGroup"
SOURCE = (
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_CreateFirewallRule.html, "
    "read 2026-11-24; cdk-preflight 1.9.1"
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
