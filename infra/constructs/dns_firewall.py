"""DNS: the names of the enclave's endpoints resolve, everything else does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra import catalog
from infra.constructs.endpoints import services
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.catalog import EndpointService
    from infra.constructs.boundary import Boundary
    from infra.settings import Enclave


class DnsFirewall(Construct):
    """An allow list, then a block of every other name, on the VPC.

    The association is open to change by the stack: with mutation protection CloudFormation could neither update nor
    delete it. Whether the firewall fails open is AWS's setting per VPC, which no resource type shows in GovCloud; it
    is off unless someone turns it on, and live verification looks.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, boundary: Boundary) -> None:
        super().__init__(scope, id)
        allowed = Resource(
            self, "Allowed", "AWS::Route53Resolver::FirewallDomainList", {"Domains": allowed_names(settings)}
        )
        everything = Resource(self, "Everything", "AWS::Route53Resolver::FirewallDomainList", {"Domains": ["*"]})
        rules = Resource(
            self,
            "Rules",
            "AWS::Route53Resolver::FirewallRuleGroup",
            {
                "FirewallRules": [
                    {"Action": "ALLOW", "Priority": 100, "FirewallDomainListId": allowed.physical_id},
                    {
                        "Action": "BLOCK",
                        "BlockResponse": "NXDOMAIN",
                        "Priority": 200,
                        "FirewallDomainListId": everything.physical_id,
                    },
                ]
            },
        )
        self.association = Resource(
            self,
            "Association",
            "AWS::Route53Resolver::FirewallRuleGroupAssociation",
            {
                "FirewallRuleGroupId": rules.physical_id,
                "VpcId": boundary.vpc_id,
                "Priority": 101,
                "MutationProtection": "DISABLED",
            },
        )


def allowed_names(settings: Enclave) -> list[str]:
    """The names the endpoints answer to: the service's host, FIPS where the endpoint is, and the endpoint's own.

    A client that asks for the plain host of a service with a FIPS endpoint learns at once that there is no such name.
    """
    suffix = catalog.partition(settings.partition).dns_suffix
    return sorted({name for service in services(settings) for name in _names(service, settings.region, suffix)})


def _names(service: EndpointService, region: str, suffix: str) -> list[str]:
    # `sagemaker.runtime` answers at `runtime.sagemaker`, a FIPS side of its own at `runtime-fips.sagemaker`.
    first, *rest = reversed(service.service.split("."))
    label = ".".join([f"{first}-fips" if service.fips_name else first, *rest])
    host = f"{label}.{region}.{suffix}"
    if service.kind == "gateway":
        return [host, f"*.{host}"] if service.service == "s3" else [host]
    return [host, f"*.{label}.{region}.vpce.{suffix}"]
