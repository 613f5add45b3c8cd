"""Route 53 Resolver DNS Firewall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallDomainList(Resource):
    """One list of domain names; `*` is every name, `*.x` every name below x."""

    domains: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One rule; of those of a group the lowest priority number is tried first."""

    priority: Maybe[int] | None
    action: Maybe[str]
    domain_list_id: Maybe[str]
    block_response: Maybe[str]
    override_domain: Maybe[str]
    query_type: Maybe[str]
    """Only queries of this type; empty is all."""
    redirection_action: Maybe[str]
    threat_protection: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRuleGroup(Resource):
    """One rule group, its rules in the order in which they are tried."""

    rules: tuple[FirewallRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallRuleGroupAssociation(Resource):
    """A rule group that judges a VPC's queries; of those of a VPC the lowest priority number is tried first."""

    rule_group_id: Maybe[str]
    vpc_id: Maybe[str]
    priority: Maybe[int] | None
    mutation_protection: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallConfig(Resource):
    """Whether a VPC's queries are answered while the firewall cannot judge them."""

    vpc_id: Maybe[str]
    fail_open: Maybe[str]


def firewall_domain_lists(resources: Resources) -> Iterator[FirewallDomainList]:
    """All domain lists of the account's own; names end without the dot that the service adds."""
    for declared in resources.of("AWS::Route53Resolver::FirewallDomainList"):
        given = declared.properties
        domains = {each if isinstance(each, Unknown) else _domain(each) for each in given.texts("Domains")}
        if "DomainFileUrl" in given:
            domains.add(Unknown("the domains stand in a file in S3"))
        yield FirewallDomainList(**declared.common, domains=tuple(sorted(domains, key=str)))


def firewall_rule_groups(resources: Resources) -> Iterator[FirewallRuleGroup]:
    """All rule groups."""
    for declared in resources.of("AWS::Route53Resolver::FirewallRuleGroup"):
        rules = [_rule(each) for each in declared.properties.blocks("FirewallRules")]
        yield FirewallRuleGroup(**declared.common, rules=tuple(sorted(rules, key=_in_order)))


def firewall_rule_group_associations(resources: Resources) -> Iterator[FirewallRuleGroupAssociation]:
    """All associations."""
    for declared in resources.of("AWS::Route53Resolver::FirewallRuleGroupAssociation"):
        given = declared.properties
        yield FirewallRuleGroupAssociation(
            **declared.common,
            rule_group_id=given.text("FirewallRuleGroupId"),
            vpc_id=given.text("VpcId"),
            priority=given.whole("Priority"),
            mutation_protection=given.text("MutationProtection", "DISABLED"),
        )


def firewall_configs(resources: Resources) -> Iterator[FirewallConfig]:
    """All firewall configurations; CloudFormation knows the type in some regions only."""
    for declared in resources.of("AWS::Route53Resolver::FirewallConfig"):
        given = declared.properties
        yield FirewallConfig(
            **declared.common,
            vpc_id=given.text("ResourceId"),
            fail_open=given.text("FirewallFailOpen", "DISABLED"),
        )


def _domain(name: str) -> str:
    return name.lower().removesuffix(".") or "."


def _rule(given: Properties) -> FirewallRule:
    return FirewallRule(
        priority=given.whole("Priority"),
        action=given.text("Action"),
        domain_list_id=given.text("FirewallDomainListId"),
        block_response=given.text("BlockResponse"),
        override_domain=given.text("BlockOverrideDomain"),
        query_type=given.text("Qtype"),
        redirection_action=given.text("FirewallDomainRedirectionAction", "INSPECT_REDIRECTION_DOMAIN"),
        threat_protection=given.text("DnsThreatProtection"),
    )


def _in_order(rule: FirewallRule) -> tuple[int, str]:
    return rule.priority if isinstance(rule.priority, int) else -1, str(rule)
