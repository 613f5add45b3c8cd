"""NET-03: names that the enclave does not need do not resolve, whatever asks for them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.dns import FirewallRule
    from infra.posture.aws.vpc import Vpc
    from infra.posture.model import Posture
    from infra.settings import Enclave

REMEDY = (
    "end the VPC's first rule group with a BLOCK of * for every query type, and allow only endpoints' names before it"
)
FAIL_CLOSED = "set FirewallFailOpen of the VPC to DISABLED, with route53resolver UpdateFirewallConfig"


@control(
    "NET-03",
    title="the DNS firewall blocks by default and does not fail open, and queries are logged",
    serves=["SC-7(8)"],
    source="Route 53 guide, 'How Resolver DNS Firewall works', 'Rule settings in DNS Firewall', read 2026-11-24",
)
def dns_blocks_by_default(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every VPC: its rules in the order in which Resolver tries them, its failure mode, its query log."""
    allowed = _endpoint_names(settings)
    for vpc in posture.vpcs:
        yield from _blocks(vpc, posture, allowed)
        yield _fails_closed(vpc, posture)
        yield _logs(vpc, posture)


def _blocks(vpc: Vpc, posture: Posture, allowed: tuple[str, ...]) -> Iterator[Finding]:
    """The rules up to the first that blocks every name; only names of endpoints may be let through before it."""
    associations = [each for each in posture.firewall_rule_group_associations if each.vpc_id == vpc.id]
    doubtful = [each for each in posture.firewall_rule_group_associations if isinstance(each.vpc_id, Unknown)]
    groups = {group.id: group for group in posture.firewall_rule_groups}
    domains = {domain_list.id: domain_list.domains for domain_list in posture.firewall_domain_lists}
    for association in sorted(associations, key=lambda each: _number(each.priority)):
        group = groups.get(str(association.rule_group_id))
        if group is None:
            yield unknown(vpc, f"rule group {association.rule_group_id} is not among what was read")
            return
        for rule in group.rules:
            names = domains.get(str(rule.domain_list_id), (Unknown(f"domain list {rule.domain_list_id} was not read"),))
            match rule.action:
                case "BLOCK" if _blocks_everything(rule, names):
                    yield holds(vpc, "every name that is not allowed is blocked")
                    return
                case "BLOCK":
                    continue  # blocks less: what it does not block, the rules after it judge
                case Unknown() as why:
                    yield unknown(vpc, f"the action of rule {rule.priority} of {group.ref}: {why}")
                    return
                case action:
                    if rule.redirection_action != "INSPECT_REDIRECTION_DOMAIN":
                        where = f"rule {rule.priority} of {group.ref}"
                        yield falls_short(
                            vpc,
                            f"{where} trusts whatever its names redirect to",
                            witness=f"FirewallDomainRedirectionAction: {rule.redirection_action}",
                            remedy=f"set FirewallDomainRedirectionAction of {where} to INSPECT_REDIRECTION_DOMAIN",
                        )
                    yield from _lets_through(vpc, f"{action} in rule {rule.priority} of {group.ref}", names, allowed)
    if doubtful:
        yield unknown(vpc, f"which VPC {doubtful[0].ref} is for")
    else:
        yield falls_short(vpc, "no rule blocks what is not allowed", witness="any name", remedy=REMEDY)


def _blocks_everything(rule: FirewallRule, names: tuple[object, ...]) -> bool:
    return "*" in names and rule.query_type == "" and rule.block_response in ("NODATA", "NXDOMAIN")


def _lets_through(vpc: Vpc, rule: str, names: tuple[str | Unknown, ...], allowed: tuple[str, ...]) -> Iterator[Finding]:
    for name in names:
        if isinstance(name, Unknown):
            yield unknown(vpc, f"{rule}: {name}")
        elif not f".{name.removeprefix('*.')}".endswith(allowed):
            remedy = f"take {name} out of its domain list, or put the rule that blocks * before it"
            yield falls_short(vpc, f"{rule} lets {name} through before the block", witness=name, remedy=remedy)


def _endpoint_names(settings: Enclave) -> tuple[str, ...]:
    """Endings of the names that endpoints of the region answer to, plain, FIPS and of the endpoint itself."""
    suffix = catalog.partition(settings.partition).dns_suffix
    labels = set()
    for service in catalog.endpoint_services(settings.region):
        first, *rest = reversed(service.split("."))  # `sagemaker.runtime` answers at `runtime.sagemaker`
        labels |= {".".join([head, *rest]) for head in (first, f"{first}-fips")}
    return tuple(f".{label}.{settings.region}.{kind}{suffix}" for label in sorted(labels) for kind in ("", "vpce."))


def _number(priority: object) -> int:
    """What cannot be read comes first: it is judged before anything blocks."""
    return priority if isinstance(priority, int) else -1


def _fails_closed(vpc: Vpc, posture: Posture) -> Finding:
    """Under a subject of its own, so that an assumption about it covers nothing else."""
    return replace(_failure_mode(vpc, posture), subject="FirewallConfig")


def _failure_mode(vpc: Vpc, posture: Posture) -> Finding:
    configs = [each for each in posture.firewall_configs if each.vpc_id == vpc.id]
    if not configs and posture.origin == "account":
        return falls_short(vpc, f"the DNS firewall configuration of {vpc.ref} is not there", remedy=FAIL_CLOSED)
    if not configs:
        why = f"whether the firewall of {vpc.ref} fails open stands in no template"
        return unknown(
            vpc,
            why,
            remedy="run `sallyport verify`, which reads it; list an assumption for NET-03 on FirewallConfig",
        )
    modes = {each.fail_open for each in configs}
    if modes == {"DISABLED"}:
        return holds(vpc, f"the firewall of {vpc.ref} fails closed")
    if doubt := next((each for each in modes if isinstance(each, Unknown)), None):
        return unknown(vpc, doubt)
    return falls_short(
        vpc,
        f"the firewall of {vpc.ref} fails open",
        witness=f"FirewallFailOpen: {', '.join(sorted(map(str, modes)))}",
        remedy=FAIL_CLOSED,
    )


def _logs(vpc: Vpc, posture: Posture) -> Finding:
    if any(vpc.id in config.vpc_ids for config in posture.query_log_configs):
        return holds(vpc, "queries are logged")
    for config in posture.query_log_configs:
        if why := next((each for each in config.vpc_ids if isinstance(each, Unknown)), None):
            return unknown(vpc, f"whose queries {config.ref} logs: {why}")
    remedy = "associate a query logging configuration of the enclave with the VPC"
    return falls_short(vpc, "its DNS queries are not logged", remedy=remedy)
