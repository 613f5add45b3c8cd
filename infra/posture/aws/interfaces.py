"""Network interfaces in the VPC: those of instances, and those that stand alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.aws.vpc import part
from infra.posture.values import Maybe, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.posture.resources import Resources

# Type → the property that names its security groups.
_GROUPS = {"AWS::EC2::Instance": "SecurityGroupIds", "AWS::EC2::NetworkInterface": "GroupSet"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface(Resource):
    """Something with an address in a subnet; without security groups of its own it gets the VPC's default one."""

    subnet_id: Maybe[str]
    security_group_ids: tuple[Maybe[str], ...]


def network_interfaces(resources: Resources) -> Iterator[NetworkInterface]:
    """All interfaces that are resources of their own; those that services make are seen live only."""
    vpc_of = {subnet.id: subnet.properties.text("VpcId") for subnet in resources.of("AWS::EC2::Subnet")}
    for declared in resources.of(*_GROUPS):
        subnet_id = declared.properties.text("SubnetId")
        groups = declared.properties.texts(_GROUPS[declared.type])
        if not groups:
            groups = (_default_group(subnet_id, vpc_of),)
        yield NetworkInterface(**declared.common, subnet_id=subnet_id, security_group_ids=groups)


def _default_group(subnet_id: Maybe[str], vpc_of: Mapping[str, Maybe[str]]) -> Maybe[str]:
    if isinstance(subnet_id, Unknown):
        return subnet_id
    vpc_id = vpc_of.get(subnet_id, Unknown(f"subnet {subnet_id} is not known"))
    return vpc_id if isinstance(vpc_id, Unknown) else part(vpc_id, "DefaultSecurityGroup")
