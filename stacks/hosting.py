"""The Hosting stack: an open-weight model on SageMaker, inside the boundary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs import names
from infra.constructs.hosted_endpoint import HostedEndpoint, HostingWatch
from infra.constructs.hosted_model import HostedModel, hosted
from infra.constructs.log_group import LogGroup
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.foundation import Foundation
    from stacks.network import Network


class Hosting(Stack):
    """Model, endpoint configuration and endpoint of `settings.hosting`; made only where the settings have one."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, foundation: Foundation, network: Network
    ) -> None:
        super().__init__(scope, id, description="Sallyport: a hosted model", **placement(settings, "hosting"))
        hosting = hosted(settings)
        name = names.endpoint_name(settings)
        log_group = LogGroup(
            self,
            "Log",
            settings=settings,
            key=foundation.log_key,
            name=names.endpoint_log_group(settings),
        )
        self.model = HostedModel(
            self,
            "Model",
            settings=settings,
            hosting=hosting,
            ceiling=foundation.permissions_boundary,
            boundary=network.boundary,
            artifacts=foundation.artifacts,
            artifact_key=foundation.artifact_key,
            captures=foundation.invocation_bucket,
            log_group=log_group,
        )
        self.endpoint = HostedEndpoint(
            self,
            "Endpoint",
            settings=settings,
            hosting=hosting,
            name=name,
            model=self.model,
            volume_key=foundation.data_key,
            captures=foundation.invocation_bucket,
        )
        HostingWatch(self, "Watch", endpoint=name, topic=foundation.alarm_topic)
        # SageMaker would make the group itself, without key and retention, if it came later.
        self.endpoint.resource.add_resource_dependency(log_group)
        CfnOutput(self, "EndpointName", value=self.endpoint.resource.attribute("EndpointName"))
