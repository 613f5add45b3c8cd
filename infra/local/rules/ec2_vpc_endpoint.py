"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import EC2ClientError

from infra.local.quotas import allowed
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

TYPE = "AWS::EC2::VPCEndpoint"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/privatelink"
INBOUND = "PrivateDnsOnlyForInboundResolverEndpoint"
ERRORS = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, read 2026-11-24"


@rule(TYPE, error="InvalidServiceName", source=ERRORS, raises=EC2ClientError)
def service(region: str, name: str, known: Collection[str], own: Collection[str]) -> str | None:
    """The service is one of AWS's endpoint services in the region, or the account's own."""
    prefix = f"com.amazonaws.{region}."
    if name in own or (name.startswith(prefix) and name.removeprefix(prefix) in known):
        return None
    return f"The Vpc Endpoint Service '{name}' does not exist"


@rule(
    TYPE,
    error="DuplicateSubnetsInSameZone",
    source="terraform-aws-modules/terraform-aws-vpc#451 and #583 (the text and its error); " + ERRORS,
    raises=EC2ClientError,
)
def one_subnet_a_zone(subnets: Iterable[Any]) -> str | None:
    """An endpoint has at most one subnet in a zone."""
    zones: dict[str, str] = {}
    for subnet in subnets:
        if subnet.availability_zone in zones:
            return (
                f"Found another VPC endpoint subnet in the availability zone of {zones[subnet.availability_zone]}. VPC "
                "endpoint subnets should be in different availability zones supported by the VPC endpoint service."
            )
        zones[subnet.availability_zone] = subnet.id
    return None


@rule(
    TYPE,
    error="InvalidParameter",
    source=f"{GUIDE}/create-interface-endpoint.html (private DNS), read 2026-11-24",
    raises=EC2ClientError,
)
def private_dns_of_the_vpc(vpc: Any) -> str | None:
    """Private DNS needs a VPC with both DNS support and DNS host names."""
    if vpc.enable_dns_support and vpc.enable_dns_hostnames:
        return None
    return (
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to "
        f"true for {vpc.id}"
    )


@rule(
    TYPE,
    error="InvalidParameter",
    source="hashicorp/terraform-provider-aws#17535 (the text and its error), read 2026-11-24",
    raises=EC2ClientError,
)
def one_private_dns_domain(backend: Any, vpc: Any, name: str, domain: str) -> str | None:
    """A VPC has one endpoint with private DNS for a service."""
    for other in list(backend.vpc_end_points.values()):
        if (other.vpc_id, other.service_name, other.private_dns_enabled) == (vpc.id, name, True):
            return (
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{domain} in the VPC {vpc.id}"
            )
    return None


@rule(
    TYPE,
    error="InvalidParameter",
    source="marcincuber/eks#15 (the text and its error, and that S3 with private DNS asks for it unless told "
    "otherwise); https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html; read "
    "2026-11-24",
    raises=EC2ClientError,
)
def gateway_for_inbound_dns(backend: Any, vpc: Any, name: str, private: bool, options: dict[str, Any]) -> str | None:
    """Private DNS for the inbound resolver alone, S3's default, needs the service's gateway endpoint in the VPC."""
    asked = options.get(INBOUND, private and name.endswith(".s3"))
    if not asked or any(
        other.vpc_id == vpc.id and other.service_name == name and other.vpc_endpoint_type == "Gateway"
        for other in list(backend.vpc_end_points.values())
    ):
        return None
    return f"To set {INBOUND} to true, the VPC {vpc.id} must have a Gateway endpoint for the service."


@rule(
    TYPE,
    error="InvalidParameter",
    source="hashicorp/terraform-provider-aws#45846 (the text and its error), read 2026-11-24",
    raises=EC2ClientError,
)
def inbound_dns_of_an_interface(kind: str, options: dict[str, Any]) -> str | None:
    """Private DNS for the inbound resolver alone is a setting of interface endpoints."""
    if kind == "Interface" or INBOUND not in options:
        return None
    return f"DnsOptions {INBOUND} is applicable only to Interface VPC Endpoints."


@rule(
    TYPE,
    error="InvalidPolicyDocument",
    source=f"{GUIDE}/vpc-limits-endpoints.html (20,480 characters, white space counts), read 2026-11-24; "
    "the code is an inference from the operation's other refusals of a policy",
    raises=EC2ClientError,
)
def policy_size(account: str, region: str, policy: str) -> str | None:
    """A policy has at most 20,480 characters, white space counted."""
    limit = allowed(account, region, "vpc", "Characters per VPC endpoint policy")
    if len(policy) <= limit:
        return None
    return f"The policy document must have at most {limit:.0f} characters: {len(policy)}."


@rule(
    TYPE,
    error="VpcEndpointLimitExceeded",
    source=f"{GUIDE}/vpc-limits-endpoints.html; {ERRORS}; the text is inferred",
    raises=EC2ClientError,
)
def quota(backend: Any, vpc: Any, kind: str) -> str | None:
    """Interface endpoints of a VPC, and gateway endpoints of a region, stay within the quota."""
    interface = kind != "Gateway"
    name = "Interface VPC endpoints per VPC" if interface else "Gateway VPC endpoints per Region"
    standing = [
        one
        for one in list(backend.vpc_end_points.values())
        if (one.vpc_endpoint_type != "Gateway") == interface and (one.vpc_id == vpc.id or not interface)
    ]
    limit = allowed(backend.account_id, backend.region_name, "vpc", name)
    return None if len(standing) < limit else "The maximum number of VPC endpoints has been reached."


@rule(
    TYPE,
    error="SecurityGroupsPerInterfaceLimitExceeded",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html; the text is inferred; " + ERRORS,
    raises=EC2ClientError,
)
def groups_of_an_interface(backend: Any, groups: Collection[str]) -> str | None:
    """An endpoint's interfaces have at most five security groups."""
    limit = allowed(backend.account_id, backend.region_name, "vpc", "Security groups per network interface")
    if len(groups) <= limit:
        return None
    return "The maximum number of security groups per interface has been reached."
