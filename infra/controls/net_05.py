"""NET-05: public access is blocked, traffic is encrypted, and nothing uses a default security group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.posture.aws.firewalls import ALL_OUT, GroupRule, SecurityGroup
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.vpc import Subnet, Vpc
    from infra.posture.model import Posture
    from infra.settings import Enclave


@control(
    "NET-05",
    title="public access is blocked, traffic is encrypted, no default security group is in use",
    serves=["SC-7(3)"],
    source="VPC guide, 'Block public access to VPCs and subnets', 'VPC encryption controls', read 2026-11-24",
)
def public_access_blocked(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every VPC, its subnets, and the security group that AWS made with it."""
    for vpc in posture.vpcs:
        yield _block_public_access(vpc, posture, settings)
        yield from _exclusions(vpc)
        yield _encryption(vpc)
    for subnet in posture.subnets:
        yield from _exclusions(subnet)
    for group in posture.security_groups:
        if group.default:
            yield _default_group(group, posture)


def _block_public_access(vpc: Vpc, posture: Posture, settings: Enclave) -> Finding:
    match vpc.block_public_access:
        case "block-bidirectional":
            return holds(vpc, "block public access is block-bidirectional")
        case Unknown() as why:
            return unknown(vpc, why)
        case "off" if posture.origin == "templates" and not settings.account_baseline:
            theirs = "block public access is set by the enclave that owns the account's baseline"
            return unknown(vpc, theirs, remedy="list an assumption for NET-05 that another enclave owns the baseline")
        case mode:
            return falls_short(
                vpc,
                f"block public access is {mode}",
                witness=f"InternetGatewayBlockMode: {mode}",
                remedy="set InternetGatewayBlockMode of VPCBlockPublicAccessOptions to block-bidirectional",
            )


def _exclusions(excluded: Vpc | Subnet) -> Iterator[Finding]:
    for exclusion in excluded.exclusions:
        yield falls_short(
            excluded,
            f"{exclusion.ref} exempts it from block public access",
            witness=f"InternetGatewayExclusionMode: {exclusion.mode}",
            remedy=f"delete {exclusion.ref}",
        )


def _encryption(vpc: Vpc) -> Finding:
    found = vpc.encryption_control
    remedy = "give the VPC an encryption control with mode enforce and without exclusions"
    match found.mode if found else None:
        case None:
            return falls_short(vpc, "it has no encryption control", remedy=remedy)
        case _ if found and found.exclusions:
            witness = ", ".join(found.exclusions)
            return falls_short(vpc, "its encryption control lets traffic off", witness=witness, remedy=remedy)
        case "enforce":
            return holds(vpc, "encryption is enforced")
        case Unknown() as why:
            return unknown(vpc, why)
        case mode:
            return falls_short(vpc, f"its encryption control is in mode {mode}", witness=f"Mode: {mode}", remedy=remedy)


def _default_group(group: SecurityGroup, posture: Posture) -> Finding:
    """A template cannot take the group's own rules away, so nothing may stand behind them."""
    remedy = "give each endpoint and interface a security group of its own, and the default one no rule"
    groups_of = {
        **{str(endpoint.ref): endpoint.security_group_ids for endpoint in posture.vpc_endpoints},
        **{str(interface.ref): interface.security_group_ids for interface in posture.network_interfaces},
    }
    users = [name for name, groups in groups_of.items() if group.id in groups]
    users += [str(other.ref) for other in posture.others if group.id in str(other.properties.value)]
    if users:
        witness = ", ".join(sorted(users))
        return falls_short(group, "something uses the default security group", witness=witness, remedy=remedy)
    made_by_aws = {GroupRule("-1", None, None, "group", group.id), ALL_OUT}
    if added := [rule for rule in (*group.ingress, *group.egress) if rule not in made_by_aws]:
        return falls_short(group, "rules were added to the default security group", witness=added[0], remedy=remedy)
    for name, groups in groups_of.items():
        if why := next((each for each in groups if isinstance(each, Unknown)), None):
            return unknown(group, f"which security groups {name} uses: {why}")
    return holds(group, "nothing uses the default security group")
