"""Quotas: what the templates ask for, on top of what others use, against what the account may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.preflight.item import Answer, item, refuted, verified
from infra.preflight.own import OWN, own
from infra.preflight.questions import Unanswered

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions

GET, DEFAULT = "service-quotas:GetServiceQuota", "service-quotas:GetAWSDefaultServiceQuota"
LIST, DEFAULTS = "service-quotas:ListServiceQuotas", "service-quotas:ListAWSDefaultServiceQuotas"
NO_SUCH = "NoSuchResourceException"
TRAILS_AT_MOST = 5
"""Per region, in every account: CloudTrail has no adjustable quota, and a multi-region trail counts in each region."""
ENDPOINT, VPC = "AWS::EC2::VPCEndpoint", "AWS::EC2::VPC"
PRIVATELINK = 'PrivateLink guide, "AWS PrivateLink quotas", read 2026-11-24'
IAM = 'IAM API reference, GetAccountSummary; IAM user guide, "IAM and STS quotas", read 2026-11-24'


def _fits(what: str, needed: int, others: int, quota: float, remedy: str = "ask for more in Service Quotas") -> Answer:
    said = f"{needed} {what} needed, {others} in use by others, quota {quota:g}"
    return verified(said) if needed + others <= quota else refuted(said, remedy)


def _quota(ask: Questions, service: str, code: str) -> float:
    """The account's own value; AWS's default where it has none."""
    told = ask(GET, absent=(NO_SUCH,), ServiceCode=service, QuotaCode=code)
    told = told or ask(DEFAULT, ServiceCode=service, QuotaCode=code)
    return float(told["Quota"]["Value"])


def _quota_named(ask: Questions, service: str, name: str) -> float:
    """The same for a quota whose code AWS tells nowhere else."""
    for call in (LIST, DEFAULTS):
        for quota in ask.all(call, "Quotas", ServiceCode=service):
            if quota["QuotaName"] == name:
                return float(quota["Value"])
    raise Unanswered(f"Service Quotas lists no {name!r} of {service}", "look it up in the service's console")


def _count(about: About, type: str, **properties: Any) -> int:
    found = about.resources(type)
    return sum(all(each.get(name) == value for name, value in properties.items()) for each in found)


@item(
    "quota-vpcs",
    "one more VPC fits into the region",
    asks=(GET, DEFAULT, "ec2:DescribeVpcs", *OWN),
    source='VPC user guide, "Amazon VPC quotas", read 2026-11-24',
)
def vpcs(ask: Questions, about: About) -> Answer:
    """VPCs per region, L-F678F1CE."""
    needed = _count(about, VPC)
    standing = {each["VpcId"] for each in ask.all("ec2:DescribeVpcs", "Vpcs")}
    others = standing - own(ask, about).get(VPC, set())
    return _fits("VPCs", needed, len(others), _quota(ask, "vpc", "L-F678F1CE"))


@item("quota-interface-endpoints", "the interface endpoints fit into one VPC", asks=(GET, DEFAULT), source=PRIVATELINK)
def interface_endpoints(ask: Questions, about: About) -> Answer:
    """Interface endpoints per VPC, L-29B6F2EB; the VPC is the enclave's own, so nobody else uses any."""
    needed = _count(about, ENDPOINT, VpcEndpointType="Interface")
    return _fits("interface endpoints", needed, 0, _quota(ask, "vpc", "L-29B6F2EB"))


@item(
    "quota-gateway-endpoints",
    "the gateway endpoints fit into the region",
    asks=(GET, DEFAULT, "ec2:DescribeVpcEndpoints", *OWN),
    source=PRIVATELINK,
)
def gateway_endpoints(ask: Questions, about: About) -> Answer:
    """Gateway endpoints per region, L-1B52E74A."""
    needed = _count(about, ENDPOINT, VpcEndpointType="Gateway")
    gateways = [{"Name": "vpc-endpoint-type", "Values": ["Gateway"]}]
    told = ask.all("ec2:DescribeVpcEndpoints", "VpcEndpoints", Filters=gateways)
    others = {each["VpcEndpointId"] for each in told if each["VpcEndpointType"] == "Gateway"}
    others -= own(ask, about).get(ENDPOINT, set())
    return _fits("gateway endpoints", needed, len(others), _quota(ask, "vpc", "L-1B52E74A"))


@item(
    "quota-endpoint-instances",
    "the instances of the hosted model fit into the region",
    asks=(
        LIST,
        DEFAULTS,
        "sagemaker:ListEndpoints",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        *OWN,
    ),
    source='SageMaker guide, "Supported Regions and Quotas"; quotas named `TYPE for endpoint usage`, read 2026-11-24',
    when=lambda settings: settings.hosting is not None,
)
def endpoint_instances(ask: Questions, about: About) -> Answer:
    """What autoscaling may reach, beside the instances of that type behind other endpoints."""
    hosting = about.settings.hosting
    assert hosting is not None
    ours = {each.rpartition("/")[2].lower() for each in own(ask, about).get("AWS::SageMaker::Endpoint", set())}
    others = 0
    for endpoint in ask.all("sagemaker:ListEndpoints", "Endpoints"):
        if endpoint["EndpointName"].lower() not in ours:
            others += _instances(ask, endpoint["EndpointName"], hosting.instance_type)
    quota = _quota_named(ask, "sagemaker", f"{hosting.instance_type} for endpoint usage")
    return _fits(f"{hosting.instance_type} for endpoints", hosting.instances.max, others, quota)


def _instances(ask: Questions, endpoint: str, instance_type: str) -> int:
    told = ask("sagemaker:DescribeEndpoint", EndpointName=endpoint)
    config = ask("sagemaker:DescribeEndpointConfig", EndpointConfigName=told["EndpointConfigName"])
    running = {
        each["VariantName"]: max(each.get("CurrentInstanceCount", 0), each.get("DesiredInstanceCount", 0))
        for each in told.get("ProductionVariants", ())
    }
    variants = [each for each in config["ProductionVariants"] if each.get("InstanceType") == instance_type]
    return sum(running.get(each["VariantName"]) or each.get("InitialInstanceCount", 0) for each in variants)


@item(
    "quota-guardrail-versions",
    "one more version of the guardrail fits",
    asks=(LIST, DEFAULTS, "bedrock:ListGuardrails", *OWN),
    source="https://docs.aws.amazon.com/general/latest/gr/bedrock.html, by public copies of its table, read 2026-11-24",
)
def guardrail_versions(ask: Questions, about: About) -> Answer:
    """Versions per guardrail: a change of content mints one, and the earlier ones are retained."""
    wanted = {each.get("Description") for each in about.resources("AWS::Bedrock::GuardrailVersion")}
    ours = sorted(own(ask, about).get("AWS::Bedrock::Guardrail", set()))
    if not ours:
        return verified("the enclave's guardrail is not made yet")
    listed = [
        each
        for guardrail in ours
        for each in ask.all("bedrock:ListGuardrails", "guardrails", guardrailIdentifier=guardrail)
        if each["version"] != "DRAFT"
    ]
    newest: dict[str, Any] = max(listed, key=lambda each: int(each["version"]), default={})
    needed = len(wanted - {newest.get("description")})
    quota = _quota_named(ask, "bedrock", "(Guardrails) Versions per guardrail")
    said = f"{needed} more needed, {len(listed)} standing, quota {quota:g}"
    if needed + len(listed) <= quota or not needed:
        return verified(said)
    return refuted(said, 'delete versions that nobody names; docs/operations.md, "After the overlap"')


def _of_iam(ask: Questions, about: About, what: str, type: str, in_use: str) -> Answer:
    told = ask("iam:GetAccountSummary")["SummaryMap"]
    others = told[in_use] - len(own(ask, about).get(type, set()))
    return _fits(what, _count(about, type), others, told[f"{in_use}Quota"])


@item("quota-roles", "the roles fit into the account", asks=("iam:GetAccountSummary", *OWN), source=IAM)
def roles(ask: Questions, about: About) -> Answer:
    """Roles per account, as IAM itself counts them."""
    return _of_iam(ask, about, "roles", "AWS::IAM::Role", "Roles")


@item("quota-policies", "the managed policies fit into the account", asks=("iam:GetAccountSummary", *OWN), source=IAM)
def policies(ask: Questions, about: About) -> Answer:
    """Customer-managed policies per account, as IAM itself counts them."""
    return _of_iam(ask, about, "managed policies", "AWS::IAM::ManagedPolicy", "Policies")


@item(
    "quota-trails",
    "one more trail fits into the region",
    asks=("cloudtrail:DescribeTrails", *OWN),
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html, read 2026-11-24",
)
def trails(ask: Questions, about: About) -> Answer:
    """Trails per region, those of other regions and of the organisation that show here included."""
    needed = _count(about, "AWS::CloudTrail::Trail")
    standing = ask("cloudtrail:DescribeTrails", includeShadowTrails=True)["trailList"]
    ours = own(ask, about).get("AWS::CloudTrail::Trail", set())
    others = {each["TrailARN"] for each in standing if each["Name"] not in ours}  # two regions may use one name
    return _fits("trails", needed, len(others), TRAILS_AT_MOST, "take one away: AWS raises this quota for nobody")
