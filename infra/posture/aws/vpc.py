"""VPCs and subnets, with the switches that stand over them: block public access, encryption control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from infra.posture.values import Maybe, Place, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.posture.resources import Declared, Resources

BlockMode = Literal["off", "block-ingress", "block-bidirectional"]
BLOCK_MODES: tuple[BlockMode, ...] = ("off", "block-ingress", "block-bidirectional")

# Inputs of an encryption control that let a kind of unencrypted traffic through when they are "enable".
# The VPC's own block spells them without "Input". CloudFormation schemas in cfn-lint 1.58.0, read 2026-11-24.
_EXCLUDABLE = (
    "ApiGatewayV2",
    "EgressOnlyInternetGateway",
    "ElasticFileSystem",
    "GlobalAccelerator",
    "InternetGateway",
    "Lambda",
    "NatGateway",
    "VirtualPrivateGateway",
    "VpcLattice",
    "VpcPeering",
)


@dataclass(frozen=True, slots=True)
class EncryptionControl:
    """Whether traffic in the VPC must be encrypted, and which traffic is let off."""

    mode: Maybe[str]
    exclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An exemption from block public access."""

    ref: str
    mode: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vpc(Resource):
    """One VPC, as CloudFormation or DescribeVpcs tells it."""

    cidrs: tuple[Maybe[str], ...]
    ipv6_cidrs: tuple[Maybe[str], ...]
    enable_dns_support: Maybe[bool]
    enable_dns_hostnames: Maybe[bool]
    block_public_access: Maybe[BlockMode]
    exclusions: tuple[Exclusion, ...]
    encryption_control: EncryptionControl | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet(Resource):
    """One subnet."""

    vpc_id: Maybe[str]
    cidr_block: Maybe[str]
    ipv6_cidr_block: Maybe[str]
    availability_zone: Maybe[str]
    map_public_ip_on_launch: Maybe[bool]
    assign_ipv6_address_on_creation: Maybe[bool]
    exclusions: tuple[Exclusion, ...]


def part(id: str, name: str) -> str:
    """What AWS makes together with the thing of this id: `{Stack/Vpc}` has `{Stack/Vpc.DefaultSecurityGroup}`."""
    return f"{id[:-1]}.{name}}}" if id.endswith("}") else f"{{{id}.{name}}}"


def vpcs(resources: Resources) -> Iterator[Vpc]:
    """All VPCs."""
    declared = resources.of("AWS::EC2::VPC")
    controls = resources.attached("AWS::EC2::VPCEncryptionControl", "VpcId", declared)
    exclusions = resources.attached("AWS::EC2::VPCBlockPublicAccessExclusion", "VpcId", declared)
    cidrs = resources.attached("AWS::EC2::VPCCidrBlock", "VpcId", declared)
    for vpc in declared:
        given = vpc.properties
        extra = [block.properties for block in cidrs[vpc.id]]
        yield Vpc(
            **vpc.common,
            cidrs=_sorted((given.text("CidrBlock"), *(block.text("CidrBlock") for block in extra))),
            ipv6_cidrs=_sorted((*given.texts("Ipv6CidrBlocks"), *map(_ipv6, extra))),
            enable_dns_support=given.flag("EnableDnsSupport", default=True),
            enable_dns_hostnames=given.flag("EnableDnsHostnames"),
            block_public_access=_block_public_access(resources, vpc.place),
            exclusions=_exclusions(exclusions[vpc.id]),
            encryption_control=_encryption_control(vpc, controls[vpc.id]),
        )


def subnets(resources: Resources) -> Iterator[Subnet]:
    """All subnets."""
    declared = resources.of("AWS::EC2::Subnet")
    exclusions = resources.attached("AWS::EC2::VPCBlockPublicAccessExclusion", "SubnetId", declared)
    for subnet in declared:
        given = subnet.properties
        yield Subnet(
            **subnet.common,
            vpc_id=given.text("VpcId"),
            cidr_block=given.text("CidrBlock"),
            ipv6_cidr_block=given.text("Ipv6CidrBlock"),
            availability_zone=given.text("AvailabilityZone"),
            map_public_ip_on_launch=given.flag("MapPublicIpOnLaunch"),
            assign_ipv6_address_on_creation=given.flag("AssignIpv6AddressOnCreation"),
            exclusions=_exclusions(exclusions[subnet.id]),
        )


def _sorted(values: Iterable[Maybe[str]]) -> tuple[Maybe[str], ...]:
    return tuple(sorted({value for value in values if value != ""}, key=str))


def _ipv6(block: Properties) -> Maybe[str]:
    if block.flag("AmazonProvidedIpv6CidrBlock") is True:
        return Unknown("Amazon chooses the IPv6 block")
    return block.text("Ipv6CidrBlock")


def _block_public_access(resources: Resources, place: Place) -> Maybe[BlockMode]:
    """The mode of the account and region that the VPC stands in; `off` where nothing sets it."""
    options = [each for each in resources.of("AWS::EC2::VPCBlockPublicAccessOptions") if each.place == place]
    modes = {each.properties.text("InternetGatewayBlockMode", "off") for each in options} or {"off"}
    if len(modes) > 1:
        return Unknown(f"{len(options)} resources set it differently")
    mode = modes.pop()
    if isinstance(mode, Unknown):
        return mode
    return next((known for known in BLOCK_MODES if known == mode), Unknown(f"mode {mode!r} is not known"))


def _exclusions(declared: Iterable[Declared]) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(str(each.ref), each.properties.text("InternetGatewayExclusionMode")) for each in declared)


def _encryption_control(vpc: Declared, controls: list[Declared]) -> EncryptionControl | None:
    inline = vpc.properties.block("VpcEncryptionControl")
    found = [each.properties for each in controls] + ([inline] if inline else [])
    if not found:
        return None
    modes = {each.text("Mode", "monitor") for each in found}
    exclusions = {
        kind
        for each in found
        for kind in _EXCLUDABLE
        if any(_lets_off(each.text(f"{kind}{ending}")) for ending in ("ExclusionInput", "Exclusion"))
    }
    return EncryptionControl(
        mode=modes.pop() if len(modes) == 1 else Unknown("several resources set it differently"),
        exclusions=tuple(sorted(exclusions)),
    )


def _lets_off(value: Maybe[str]) -> bool:
    """What cannot be read counts as let off: the control that asks wants none."""
    return value not in ("", "disable")
