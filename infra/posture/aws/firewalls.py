"""Network ACLs and security groups, with the ones that AWS makes with a VPC."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from infra.posture.aws.routing import implied
from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.posture.resources import Declared, Resources

# Protocol numbers that have a name in the EC2 API; RFC 790 numbers, EC2 IpPermission, read 2026-11-24.
_PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
# The deny that ends every ACL; AWS adds it, and it cannot be changed.
LAST_RULE = 32767


@dataclass(frozen=True, slots=True)
class AclEntry:
    """One numbered rule of a network ACL; ports are None where the protocol has none or all are meant."""

    egress: Maybe[bool]
    number: Maybe[int] | None
    action: Maybe[str]
    protocol: Maybe[str]
    cidr: Maybe[str]
    from_port: Maybe[int] | None
    to_port: Maybe[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkAcl(Resource):
    """One network ACL; the default one serves the subnets that no other names."""

    vpc_id: Maybe[str]
    default: bool
    entries: tuple[AclEntry, ...]
    subnet_ids: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """One rule of a security group: a protocol, ports, and one peer."""

    protocol: Maybe[str]
    from_port: Maybe[int] | None
    to_port: Maybe[int] | None
    peer: Literal["cidr", "cidr-ipv6", "prefix-list", "group", "none"]
    peer_id: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityGroup(Resource):
    """One security group."""

    vpc_id: Maybe[str]
    default: bool
    ingress: tuple[GroupRule, ...]
    egress: tuple[GroupRule, ...]


ALL_OUT = GroupRule("-1", None, None, "cidr", "0.0.0.0/0")
_ALL_OUT_IPV6 = GroupRule("-1", None, None, "cidr-ipv6", "::/0")


def network_acls(resources: Resources) -> Iterator[NetworkAcl]:
    """All network ACLs, and the default one that AWS makes with a VPC and that allows everything."""
    known = [
        *resources.of("AWS::EC2::NetworkAcl"),
        *implied(resources, "AWS::EC2::NetworkAcl", "DefaultNetworkAcl"),
    ]
    entries = resources.attached("AWS::EC2::NetworkAclEntry", "NetworkAclId", known)
    associations = resources.attached("AWS::EC2::SubnetNetworkAclAssociation", "NetworkAclId", known)
    for acl in known:
        default = _made_by_aws(acl, "DefaultNetworkAcl")
        listed = [_entry(each.properties) for each in entries[acl.id]]
        if default and not listed:
            listed = [AclEntry(egress, 100, "allow", "-1", "0.0.0.0/0", None, None) for egress in (False, True)]
        yield NetworkAcl(
            **acl.common,
            vpc_id=acl.properties.text("VpcId"),
            default=default,
            entries=tuple(sorted((each for each in listed if each.number != LAST_RULE), key=_in_order)),
            subnet_ids=tuple(sorted((each.properties.text("SubnetId") for each in associations[acl.id]), key=str)),
        )


def security_groups(resources: Resources) -> Iterator[SecurityGroup]:
    """All security groups, and the default one that AWS makes with a VPC."""
    known = [
        *resources.of("AWS::EC2::SecurityGroup"),
        *implied(resources, "AWS::EC2::SecurityGroup", "DefaultSecurityGroup"),
    ]
    ingress = resources.attached("AWS::EC2::SecurityGroupIngress", "GroupId", known)
    egress = resources.attached("AWS::EC2::SecurityGroupEgress", "GroupId", known)
    ipv6 = {vpc.id for vpc in resources.of("AWS::EC2::VPC") if "Ipv6CidrBlocks" in vpc.properties}
    for group in known:
        default = _made_by_aws(group, "DefaultSecurityGroup")
        own_in = [_rule(each, "Source") for each in group.properties.blocks("SecurityGroupIngress")]
        own_out = [_rule(each, "Destination") for each in group.properties.blocks("SecurityGroupEgress")]
        if not own_out and not _found_without_egress(group):
            own_out = [ALL_OUT, *([_ALL_OUT_IPV6] if group.properties.text("VpcId") in ipv6 else [])]
        if default and "SecurityGroupIngress" not in group.properties:
            own_in = [GroupRule("-1", None, None, "group", group.id)]
        yield SecurityGroup(
            **group.common,
            vpc_id=group.properties.text("VpcId"),
            default=default,
            ingress=_rules(own_in, (_rule(each.properties, "Source") for each in ingress[group.id])),
            egress=_rules(own_out, (_rule(each.properties, "Destination") for each in egress[group.id])),
        )


def _made_by_aws(declared: Declared, name: str) -> bool:
    return str(declared.ref).endswith(f".{name}") or declared.properties.flag("IsDefault") is True


def _found_without_egress(group: Declared) -> bool:
    """Whether the live reader saw the group with no egress rule; a template without one gets AWS's default.

    A rule in a resource of its own does not count: whether it takes the default's place is not documented, so the
    default is assumed to stay.
    """
    return group.properties.flag("EgressIsComplete") is True


def _rules(*several: Iterable[GroupRule]) -> tuple[GroupRule, ...]:
    return tuple(sorted({rule for rules in several for rule in rules}, key=str))


def _rule(given: Properties, side: Literal["Source", "Destination"]) -> GroupRule:
    protocol = _protocol(given.text("IpProtocol", "-1"))
    peers = (
        ("cidr", "CidrIp"),
        ("cidr-ipv6", "CidrIpv6"),
        ("prefix-list", f"{side}PrefixListId"),
        ("group", f"{side}SecurityGroupId"),
    )
    everything = protocol == "-1"
    rule = (
        protocol,
        None if everything else _port(given, "FromPort"),
        None if everything else _port(given, "ToPort"),
    )
    for kind, name in peers:
        if name in given:
            return GroupRule(*rule, kind, given.text(name))  # type: ignore[arg-type]  # the table's kinds are the literal's
    return GroupRule(*rule, "none", Unknown("the rule names no peer"))


def _port(given: Properties, name: str) -> Maybe[int] | None:
    port = given.whole(name)
    return None if port == -1 else port


def _protocol(given: Maybe[str]) -> Maybe[str]:
    return given if isinstance(given, Unknown) else _PROTOCOLS.get(given.lower(), given.lower())


def _entry(given: Properties) -> AclEntry:
    ports = given.block("PortRange")
    return AclEntry(
        egress=given.flag("Egress"),
        number=given.whole("RuleNumber"),
        action=given.text("RuleAction"),
        protocol=_protocol(given.text("Protocol", "-1")),
        cidr=given.text("CidrBlock") if "CidrBlock" in given else given.text("Ipv6CidrBlock"),
        from_port=ports.whole("From"),
        to_port=ports.whole("To"),
    )


def _in_order(entry: AclEntry) -> tuple[str, int, str]:
    return str(entry.egress), entry.number if isinstance(entry.number, int) else -1, str(entry)
