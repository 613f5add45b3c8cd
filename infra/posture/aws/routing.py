"""Route tables, and what connects a VPC with anything else: gateways, peerings, attachments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.aws.vpc import part
from infra.posture.resources import Declared, Resources
from infra.posture.values import Maybe, Properties, Ref, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_TARGETS = (
    "CarrierGatewayId",
    "CoreNetworkArn",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "LocalGatewayId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "OdbNetworkArn",
    "TransitGatewayId",
    "VpcEndpointId",
    "VpcPeeringConnectionId",
)


@dataclass(frozen=True, slots=True)
class Route:
    """One route; the VPC's own local routes, and those of gateway endpoints, are implied and not listed."""

    destination: Maybe[str]
    target: str
    """The property that names the target, without `Id`: `NatGateway`, `Gateway`, `VpcPeeringConnection`, …"""
    target_id: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable(Resource):
    """One route table; the main one serves the subnets that no other names."""

    vpc_id: Maybe[str]
    main: bool
    routes: tuple[Route, ...]
    subnet_ids: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway(Resource):
    """Something that connects a VPC with what lies outside it."""

    kind: str
    """The CloudFormation type without its service: `InternetGateway`, `NatGateway`, `VPCPeeringConnection`, …"""
    vpc_ids: tuple[Maybe[str], ...]
    subnet_ids: tuple[Maybe[str], ...]


# Type → the properties that name VPCs and subnets. `VpcIds` is the live reader's: a template attaches by a resource
# of its own.
_GATEWAYS = {
    "AWS::EC2::CarrierGateway": ("VpcId",),
    "AWS::EC2::ClientVpnTargetNetworkAssociation": ("SubnetId",),
    "AWS::EC2::EgressOnlyInternetGateway": ("VpcId", "VpcIds"),
    "AWS::EC2::InternetGateway": ("VpcIds",),
    "AWS::EC2::NatGateway": ("SubnetId", "VpcId"),
    "AWS::EC2::TransitGatewayAttachment": ("VpcId", "SubnetIds"),
    "AWS::EC2::TransitGatewayVpcAttachment": ("VpcId", "SubnetIds"),
    "AWS::EC2::VPCPeeringConnection": ("VpcId", "PeerVpcId"),
    "AWS::EC2::VPNGateway": ("VpcIds",),
    "AWS::NetworkManager::VpcAttachment": ("VpcArn", "SubnetArns"),
    "AWS::VpcLattice::ServiceNetworkVpcAssociation": ("VpcIdentifier",),
}


def route_tables(resources: Resources) -> Iterator[RouteTable]:
    """All route tables, and the main one that AWS makes with a VPC."""
    declared = resources.of("AWS::EC2::RouteTable")
    known = [*declared, *_main_tables(resources)]
    routes = resources.attached("AWS::EC2::Route", "RouteTableId", known)
    associations = resources.attached("AWS::EC2::SubnetRouteTableAssociation", "RouteTableId", known)
    for table in known:
        yield RouteTable(
            **table.common,
            vpc_id=table.properties.text("VpcId"),
            main=str(table.ref).endswith(".MainRouteTable"),
            routes=tuple(sorted((_route(each.properties) for each in routes[table.id]), key=str)),
            subnet_ids=tuple(sorted((each.properties.text("SubnetId") for each in associations[table.id]), key=str)),
        )


def implied(resources: Resources, type_name: str, name: str) -> Iterator[Declared]:
    """What AWS makes with each VPC of a stack, where the reader has not found it itself."""
    found = {each.ref for each in resources.of(type_name)}
    for vpc in resources.of("AWS::EC2::VPC"):
        ref = Ref(f"{vpc.ref}.{name}")
        if ref not in found and vpc.id.endswith("}"):
            yield Declared(
                type=type_name,
                ref=ref,
                place=vpc.place,
                id=part(vpc.id, name),
                arn="",
                properties=Properties({"VpcId": vpc.id}),
                source=vpc.source,
                undecided=vpc.undecided,
            )


def _main_tables(resources: Resources) -> Iterator[Declared]:
    return implied(resources, "AWS::EC2::RouteTable", "MainRouteTable")


def _route(given: Properties) -> Route:
    destination = next((given.text(name) for name in _DESTINATIONS if name in given), Unknown("no destination"))
    target = next((name for name in _TARGETS if name in given), "")
    return Route(
        destination=destination,
        target=target.removesuffix("Id").removesuffix("Arn"),
        target_id=given.text(target) if target else Unknown("no target"),
    )


def gateways(resources: Resources) -> Iterator[Gateway]:
    """All gateways and attachments of VPCs."""
    vpn_or_internet = resources.of("AWS::EC2::InternetGateway", "AWS::EC2::VPNGateway")
    by_internet = resources.attached("AWS::EC2::VPCGatewayAttachment", "InternetGatewayId", vpn_or_internet)
    by_vpn = resources.attached("AWS::EC2::VPCGatewayAttachment", "VpnGatewayId", vpn_or_internet)
    for declared in resources.of(*_GATEWAYS):
        attached = [each.properties for each in (*by_internet.get(declared.id, ()), *by_vpn.get(declared.id, ()))]
        named = [(name, declared.properties) for name in _GATEWAYS[declared.type]] + [("VpcId", a) for a in attached]
        values = [(name, value) for name, given in named for value in given.texts(name)]
        yield Gateway(
            **declared.common,
            kind=declared.type.rsplit("::", 1)[1],
            vpc_ids=tuple(sorted({value for name, value in values if "Vpc" in name}, key=str)),
            subnet_ids=tuple(sorted({value for name, value in values if "Subnet" in name}, key=str)),
        )
