"""The endpoints: the only way from the enclave to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from infra import catalog
from infra.constructs import names
from infra.constructs.crossings import CROSSINGS
from infra.constructs.endpoint_policy import endpoint_policy
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.catalog import EndpointService
    from infra.constructs.boundary import Boundary
    from infra.constructs.consumer_groups import Group
    from infra.settings import Enclave

ONLY_WITH_HOSTING = "sagemaker.runtime"


class Endpoints(Construct):
    """An endpoint for each service the enclave uses, FIPS where there is one, each with its own policy."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: Boundary,
        group: Group,
        destinations: Mapping[str, str],
    ) -> None:
        """Make the endpoints.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            boundary: VPC and subnets.
            group: security group of the interface endpoints.
            destinations: ARNs of what endpoints lead to, by the word that crossings have for each.
        """
        super().__init__(scope, id)
        self.by_service: dict[str, Resource] = {}
        for service in services(settings):
            way: dict[str, Any] = (
                {
                    "VpcEndpointType": "Gateway",
                    "RouteTableIds": [subnet.route_table_id for subnet in boundary.subnets],
                }
                if service.kind == "gateway"
                else {
                    "VpcEndpointType": "Interface",
                    "PrivateDnsEnabled": True,
                    "SecurityGroupIds": [group.id],
                    "SubnetIds": [subnet.subnet_id for subnet in boundary.subnets],
                }
            )
            self.by_service[service.service] = Resource(
                self,
                names.title(service.service),
                "AWS::EC2::VPCEndpoint",
                {
                    "VpcId": boundary.vpc_id,
                    "ServiceName": service.preferred_name,
                    "PolicyDocument": endpoint_policy(service.service, settings, destinations),
                    **way,
                },
            )


def services(settings: Enclave) -> list[EndpointService]:
    """The endpoint services the enclave needs, from the catalogue; one that the region lacks is an error.

    Raises:
        ValueError: the region has no such endpoint, or one that takes no policy and so would admit everything.
    """
    wanted = {"bedrock-runtime", *CROSSINGS} - (set() if settings.hosting else {ONLY_WITH_HOSTING})
    offered = catalog.endpoint_services(settings.region)
    for name in sorted(wanted):
        if name not in offered:
            raise ValueError(f"endpoint service {name!r} is not offered in {settings.region}; choose another region")
        if not offered[name].takes_policy:
            raise ValueError(f"endpoint service {name!r} takes no policy in {settings.region}; it would admit anyone")
    return [offered[name] for name in sorted(wanted)]
