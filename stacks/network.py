"""Network: the boundary of the enclave and what may cross it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.boundary import Boundary
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
        super().__init__(
            scope, id, description="Sallyport: the boundary and its endpoints", **placement(settings, "network")
        )
        self.boundary = Boundary(self, "Boundary", cidr=settings.network.cidr, zones=settings.network.zones)
        CfnOutput(self, "VpcId", value=self.boundary.vpc.vpc_id)
