"""The posture: everything security-relevant that is there, as frozen values, whoever read it.

`infra.posture.template.read` makes it of templates, `infra.live` of an account; for the same deployment the two
are equal. What could not be decided is an `Unknown` where it stands, or, when it may concern any member of a
collection, an entry of `undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from infra.posture.aws.endpoints import VpcEndpoint, VpcEndpointService, vpc_endpoint_services, vpc_endpoints
from infra.posture.aws.firewalls import NetworkAcl, SecurityGroup, network_acls, security_groups
from infra.posture.aws.interfaces import NetworkInterface, network_interfaces
from infra.posture.aws.routing import Gateway, RouteTable, gateways, route_tables
from infra.posture.aws.s3 import Bucket, buckets
from infra.posture.aws.vpc import Subnet, Vpc, subnets, vpcs
from infra.posture.resources import Declared, Resources, Undecided
from infra.posture.values import Resource

Origin = Literal["templates", "account"]
Fill = Callable[[Resources], Iterable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack(Resource):
    """One CloudFormation stack."""

    termination_protection: bool


def _of(fill: Fill) -> Any:
    """A collection, and the function that fills it."""
    return field(default=(), metadata={"fill": fill})


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What is there. Each collection is sorted by identity."""

    stacks: tuple[Stack, ...] = ()
    vpcs: tuple[Vpc, ...] = _of(vpcs)
    subnets: tuple[Subnet, ...] = _of(subnets)
    route_tables: tuple[RouteTable, ...] = _of(route_tables)
    gateways: tuple[Gateway, ...] = _of(gateways)
    network_acls: tuple[NetworkAcl, ...] = _of(network_acls)
    security_groups: tuple[SecurityGroup, ...] = _of(security_groups)
    vpc_endpoints: tuple[VpcEndpoint, ...] = _of(vpc_endpoints)
    vpc_endpoint_services: tuple[VpcEndpointService, ...] = _of(vpc_endpoint_services)
    network_interfaces: tuple[NetworkInterface, ...] = _of(network_interfaces)
    buckets: tuple[Bucket, ...] = _of(buckets)
    origin: Origin = field(default="templates", compare=False)
    """Who read it: what templates do not say may still be so in the account."""
    undecided: tuple[Undecided, ...] = field(default=(), compare=False)
    others: tuple[Declared, ...] = field(default=(), compare=False, repr=False)
    """Resources of types the model does not know, as they were read."""


def collections() -> dict[str, Fill]:
    """The collections of a posture, and what fills each."""
    return {each.name: each.metadata["fill"] for each in fields(Posture) if "fill" in each.metadata}


def build(resources: Resources, stacks: tuple[Stack, ...] = (), origin: Origin = "templates") -> Posture:
    """The posture of what a reader found."""
    filled = {
        name: tuple(sorted(resources.collect(name, fill), key=lambda each: each.ref))
        for name, fill in collections().items()
    }
    return Posture(
        origin=origin,
        stacks=tuple(sorted(stacks, key=lambda stack: stack.ref)),
        undecided=resources.undecided,
        others=tuple(resources.others()),
        **filled,
    )
