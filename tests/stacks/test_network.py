"""Nothing leaves the boundary, and only declared consumers come in."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

import pytest

from infra.constructs.boundary import subnet_blocks

if TYPE_CHECKING:
    from tests.stacks.conftest import Core


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::EC2::InternetGateway",
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::VPNGateway",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::Route",
        "AWS::EC2::VPCCidrBlock",
    ],
)
def test_there_is_no_way_out(core: Core, kind: str) -> None:
    core.network.resource_count_is(kind, 0)


def test_each_zone_has_a_subnet_with_a_route_table_of_its_own_and_no_public_address(core: Core) -> None:
    subnets = core.network.find_resources("AWS::EC2::Subnet")
    assert {s["Properties"]["AvailabilityZone"] for s in subnets.values()} == set(core.settings.network.zones)
    assert all(s["Properties"]["MapPublicIpOnLaunch"] is False for s in subnets.values())
    associated = {
        a["Properties"]["SubnetId"]["Ref"]: a["Properties"]["RouteTableId"]["Ref"]
        for a in core.network.find_resources("AWS::EC2::SubnetRouteTableAssociation").values()
    }
    assert set(associated) == set(subnets)
    assert len(set(associated.values())) == len(subnets)


def test_adding_a_zone_moves_no_subnet() -> None:
    two, three = (subnet_blocks(IPv4Network("10.64.0.0/22"), zones) for zones in (2, 3))
    assert two[:2] == three[:2]


@pytest.mark.parametrize(("cidr", "zones"), [("10.0.0.0/16", 4), ("10.0.0.0/24", 4), ("10.0.0.0/25", 2)])
def test_subnets_do_not_overlap_and_hold_64_addresses(cidr: str, zones: int) -> None:
    blocks = subnet_blocks(IPv4Network(cidr), zones)[:zones]
    assert len(set(blocks)) == zones
    assert all(block.num_addresses >= 64 and block.subnet_of(IPv4Network(cidr)) for block in blocks)
