"""AWS::Route53Resolver::FirewallRuleGroupAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.quotas import allowed
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

TYPE = "AWS::Route53Resolver::FirewallRuleGroupAssociation"
API = "https://docs.aws.amazon.com/Route53/latest/APIReference"
SOURCE = f"{API}/API_route53resolver_AssociateFirewallRuleGroup.html; the text is inferred; read 2026-11-24"
LOWEST, HIGHEST = 101, 9899
"""Priorities that AWS leaves to the account; those outside are AWS's own."""


@rule(
    TYPE,
    error="ValidationException",
    source=f"{API}/API_route53resolver_AssociateFirewallRuleGroup.html; hashicorp/terraform-provider-aws#43694 (the "
    "text, its error, and that 100 is refused); read 2026-11-24",
)
def priority_range(priority: int) -> str | None:
    """The priority is above 100 and below 9900."""
    if LOWEST <= priority <= HIGHEST:
        return None
    return (
        "[RSLVR-00000] The priority value you provided is reserved. Provide a number between "
        f'"{LOWEST - 1}" and "{HIGHEST + 1}".'
    )


@rule(TYPE, error="ValidationException", source=SOURCE)
def priority(others: Iterable[dict[str, Any]], wanted: int) -> str | None:
    """No two groups of a VPC have one priority."""
    return f"priority {wanted} is taken in the VPC" if any(one["Priority"] == wanted for one in others) else None


@rule(
    TYPE,
    error="LimitExceededException",
    source="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html; the text is inferred; "
    "read 2026-11-24",
)
def quota(account: str, region: str, vpc: str, at_vpc: Collection[object]) -> str | None:
    """A VPC has at most five rule groups."""
    limit = allowed(account, region, "route53resolver", "DNS Firewall rule group associations per VPC")
    return None if len(at_vpc) < limit else f"{vpc} has {limit:.0f} rule groups"


@rule(
    TYPE,
    error="ConflictException",
    source=f"{API}/API_route53resolver_DisassociateFirewallRuleGroup.html and "
    "API_route53resolver_UpdateFirewallRuleGroupAssociation.html, read 2026-11-24; which error it is "
    "is an inference",
)
def mutation_protection(association: dict[str, Any], wanted: str | None = None) -> str | None:
    """An association under mutation protection is neither changed nor removed until that is lifted."""
    if association["MutationProtection"] != "ENABLED" or wanted == "DISABLED":
        return None
    return f"mutation protection is enabled on association {association['Id']}"
