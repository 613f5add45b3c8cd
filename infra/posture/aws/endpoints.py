"""VPC endpoints, and the endpoint services that let others in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.policy.document import Document, Statement
from infra.posture.aws.vpc import part
from infra.posture.values import Maybe, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Resources

# What AWS puts on an endpoint that names no policy. VPC guide, "Control access to VPC endpoints", read 2026-11-24.
FULL_ACCESS = Document(
    (Statement(effect="Allow", actions=("*",), resources=("*",), principals=(("AWS", "*"),)),), version="2008-10-17"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpoint(Resource):
    """One endpoint of a VPC."""

    vpc_id: Maybe[str]
    service_name: Maybe[str]
    service_region: Maybe[str]
    type: Maybe[str]
    policy: Maybe[Document]
    private_dns_enabled: Maybe[bool]
    subnet_ids: tuple[Maybe[str], ...]
    route_table_ids: tuple[Maybe[str], ...]
    security_group_ids: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcEndpointService(Resource):
    """A service that this account offers to endpoints elsewhere."""

    acceptance_required: Maybe[bool]
    allowed_principals: tuple[Maybe[str], ...]


def vpc_endpoints(resources: Resources) -> Iterator[VpcEndpoint]:
    """All endpoints; one of kind Interface that names no security group gets the VPC's default one."""
    for endpoint in resources.of("AWS::EC2::VPCEndpoint"):
        given = endpoint.properties
        kind = given.text("VpcEndpointType", "Gateway")
        vpc_id = given.text("VpcId")
        groups = given.texts("SecurityGroupIds")
        if kind == "Interface" and not groups:
            groups = (part(vpc_id, "DefaultSecurityGroup"),) if isinstance(vpc_id, str) else (vpc_id,)
        policy = given.document("PolicyDocument")
        yield VpcEndpoint(
            **endpoint.common,
            vpc_id=vpc_id,
            service_name=given.text("ServiceName"),
            service_region=given.text("ServiceRegion"),
            type=kind,
            policy=FULL_ACCESS if policy is None else policy,
            private_dns_enabled=given.flag("PrivateDnsEnabled"),
            subnet_ids=given.texts("SubnetIds"),
            route_table_ids=given.texts("RouteTableIds"),
            security_group_ids=groups,
        )


def vpc_endpoint_services(resources: Resources) -> Iterator[VpcEndpointService]:
    """All endpoint services."""
    services = resources.of("AWS::EC2::VPCEndpointService")
    permissions = resources.attached("AWS::EC2::VPCEndpointServicePermissions", "ServiceId", services)
    for service in services:
        allowed = {p for each in permissions[service.id] for p in each.properties.texts("AllowedPrincipals")}
        yield VpcEndpointService(
            **service.common,
            acceptance_required=service.properties.flag("AcceptanceRequired"),
            allowed_principals=tuple(sorted(allowed, key=str)),
        )
