"""Network: the boundary of the enclave and what may cross it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Fn, Stack

from infra.constructs import names
from infra.constructs.boundary import Boundary
from infra.constructs.boundary_acl import BoundaryAcl
from infra.constructs.consumer_groups import ConsumerGroups
from infra.constructs.dns_firewall import DnsFirewall
from infra.constructs.endpoints import Endpoints
from infra.constructs.network_logs import FlowLogs, QueryLogs
from infra.constructs.vpc_protection import VpcProtection
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.archive import Archive
    from stacks.foundation import Foundation


class Network(Stack):
    """Isolated subnets; the way to models and services is the endpoints alone."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, foundation: Foundation, archive: Archive
    ) -> None:
        where = placement(settings, "network")
        super().__init__(scope, id, description="Sallyport: the boundary and its endpoints", **where)
        self.add_stack_dependency(archive, "flow and query logs go there; in another account no import says so")
        self.boundary = Boundary(
            self, "Boundary", name=settings.name, cidr=settings.network.cidr, zones=settings.network.zones
        )
        self.protection = VpcProtection(self, "Protection", settings=settings, boundary=self.boundary)
        BoundaryAcl(self, "Acl", boundary=self.boundary, gateways=bool(settings.network.prefix_lists))
        self.groups = ConsumerGroups(self, "Groups", vpc_id=self.boundary.vpc_id, settings=settings)
        self.consumer_groups = self.groups.consumers
        self.endpoints = Endpoints(
            self,
            "Endpoints",
            settings=settings,
            boundary=self.boundary,
            group=self.groups.endpoints,
            destinations={
                "artifacts": foundation.artifacts.arn,
                "evidence": archive.evidence.arn,
                "invocation_log": foundation.invocation_log.arn,
                "invocations": foundation.invocation_bucket.arn,
            },
        ).by_service
        DnsFirewall(self, "Dns", settings=settings, boundary=self.boundary)
        QueryLogs(self, "QueryLogs", boundary=self.boundary, log_group=foundation.query_log, evidence=archive.evidence)
        FlowLogs(
            self,
            "FlowLogs",
            boundary=self.boundary,
            log_group=foundation.flow_log,
            role=foundation.flow_log_role,
            evidence=archive.evidence,
        )
        CfnOutput(self, "VpcId", value=self.boundary.vpc_id)
        CfnOutput(self, "SubnetIds", value=Fn.join(",", [subnet.subnet_id for subnet in self.boundary.subnets]))
        for service, endpoint in self.endpoints.items():
            CfnOutput(
                self,
                f"Endpoint{names.title(service)}",
                value=endpoint.physical_id,
                description=f"endpoint of {service}",
            )
        for name, group in self.consumer_groups.items():
            CfnOutput(self, f"GroupConsumer{names.title(name)}", value=group.id, description=f"group of {name}")
