"""What things are called: for each type its name property, its ARN, and what Ref and Fn::GetAtt give.

Both readers name things by this table. A name that the template gives stays literal; one that AWS makes up is
written `{Stack/LogicalId}`, so an ARN reads `arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/{stack/Key}`.
Source: CloudFormation resource reference, "Return values" of each type, and the types' schemas in cfn-lint 1.58.0,
read 2026-11-24.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.posture.values import Place

REGION_PLACEHOLDER = "{AWS::Region}"
ACCOUNT_PLACEHOLDER = "{AWS::AccountId}"

# Region prefix → partition and DNS suffix; botocore's endpoint data, read 2026-11-24.
_PARTITIONS = (
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("{", "{AWS::Partition}", "{AWS::URLSuffix}"),
    ("", "aws", "amazonaws.com"),
)


def partition(region: str) -> str:
    """The partition a region belongs to."""
    return next(name for prefix, name, _ in _PARTITIONS if region.startswith(prefix))


def url_suffix(region: str) -> str:
    """What `AWS::URLSuffix` gives in a region."""
    return next(suffix for prefix, _, suffix in _PARTITIONS if region.startswith(prefix))


@dataclass(frozen=True, slots=True)
class Naming:
    """How one type is called. In formats: id, partition, region, account, suffix, and the type's own `defaults`."""

    arn: str = ""
    name: str = ""
    """The property that gives the physical name; empty if AWS always makes one up."""
    ref: str = "{id}"
    attributes: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Properties that stand in the formats, with what AWS takes when they are absent."""
    owns_id: bool = True
    """Whether the physical id is the resource's own, and not that of the thing it is attached to."""


def _regional(service: str, rest: str) -> str:
    return f"arn:{{partition}}:{service}:{{region}}:{{account}}:{rest}"


def _ec2(kind: str, *ids: str) -> Naming:
    return Naming(arn=_regional("ec2", f"{kind}/{{id}}"), attributes=dict.fromkeys(("Id", *ids), "{id}"))


def _resolver(kind: str) -> Naming:
    arn = _regional("route53resolver", f"{kind}/{{id}}")
    return Naming(arn=arn, attributes={"Id": "{id}", "Arn": arn})


def _by_arn(service: str, kind: str, name: str, attribute: str, **also: str) -> Naming:
    """A type whose Ref is its ARN."""
    arn = _regional(service, f"{kind}{{id}}")
    return Naming(name=name, arn=arn, ref=arn, attributes={attribute: arn, name: "{id}", **also})


def _by_name(service: str, kind: str, name: str, **also: str) -> Naming:
    """A type whose Ref is its name."""
    arn = _regional(service, f"{kind}{{id}}")
    return Naming(name=name, arn=arn, attributes={"Arn": arn, **also})


_S3 = "arn:{partition}:s3:::{id}"
_ROLE = "arn:{partition}:iam::{account}:role{Path}{id}"
_POLICY = "arn:{partition}:iam::{account}:policy{Path}{id}"
_KEY = _regional("kms", "key/{id}")
_QUEUE = "https://sqs.{region}.{suffix}/{account}/{id}"

NAMINGS: dict[str, Naming] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": Naming(owns_id=False),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Naming(name="PolicyName", owns_id=False),
    "AWS::Bedrock::Guardrail": Naming(
        arn=_regional("bedrock", "guardrail/{id}"),
        ref=_regional("bedrock", "guardrail/{id}"),
        attributes={"GuardrailId": "{id}", "GuardrailArn": _regional("bedrock", "guardrail/{id}"), "Version": "DRAFT"},
    ),
    "AWS::CloudTrail::Trail": _by_name("cloudtrail", "trail/", "TrailName"),
    "AWS::CloudWatch::Alarm": _by_name("cloudwatch", "alarm:", "AlarmName"),
    "AWS::EC2::EgressOnlyInternetGateway": _ec2("egress-only-internet-gateway"),
    "AWS::EC2::FlowLog": _ec2("vpc-flow-log"),
    "AWS::EC2::InternetGateway": _ec2("internet-gateway", "InternetGatewayId"),
    "AWS::EC2::NatGateway": _ec2("natgateway", "NatGatewayId"),
    "AWS::EC2::NetworkAcl": _ec2("network-acl"),
    "AWS::EC2::RouteTable": _ec2("route-table", "RouteTableId"),
    "AWS::EC2::SecurityGroup": _ec2("security-group", "GroupId"),
    "AWS::EC2::Subnet": _ec2("subnet", "SubnetId"),
    "AWS::EC2::VPC": _ec2("vpc", "VpcId"),
    "AWS::EC2::VPCBlockPublicAccessExclusion": _ec2("vpc-block-public-access-exclusion", "ExclusionId"),
    "AWS::EC2::VPCBlockPublicAccessOptions": Naming(owns_id=False),  # its id is the account's
    "AWS::EC2::VPCEncryptionControl": _ec2("vpc-encryption-control", "VpcEncryptionControlId"),
    "AWS::EC2::VPCEndpoint": _ec2("vpc-endpoint"),
    "AWS::EC2::VPCGatewayAttachment": Naming(owns_id=False),
    "AWS::EC2::Route": Naming(owns_id=False),
    "AWS::ECR::Repository": _by_name(
        "ecr", "repository/", "RepositoryName", RepositoryUri="{account}.dkr.ecr.{region}.{suffix}/{id}"
    ),
    "AWS::Events::Rule": _by_name("events", "rule/", "Name", RuleName="{id}"),
    "AWS::IAM::ManagedPolicy": Naming(
        name="ManagedPolicyName", arn=_POLICY, ref=_POLICY, attributes={"PolicyArn": _POLICY}, defaults={"Path": "/"}
    ),
    "AWS::IAM::Policy": Naming(name="PolicyName", owns_id=False),
    "AWS::IAM::Role": Naming(name="RoleName", arn=_ROLE, attributes={"Arn": _ROLE}, defaults={"Path": "/"}),
    "AWS::KMS::Alias": Naming(name="AliasName", arn=_regional("kms", "{id}"), owns_id=False),
    "AWS::KMS::Key": Naming(arn=_KEY, attributes={"Arn": _KEY, "KeyId": "{id}"}),
    "AWS::Logs::LogGroup": Naming(
        name="LogGroupName",
        arn=_regional("logs", "log-group:{id}:*"),
        attributes={"Arn": _regional("logs", "log-group:{id}:*")},
    ),
    "AWS::Logs::MetricFilter": Naming(name="FilterName"),
    "AWS::Logs::ResourcePolicy": Naming(name="PolicyName"),
    "AWS::Route53Resolver::FirewallDomainList": _resolver("firewall-domain-list"),
    "AWS::Route53Resolver::FirewallRuleGroup": _resolver("firewall-rule-group"),
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": _resolver("firewall-rule-group-association"),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": _resolver("resolver-query-log-config"),
    "AWS::S3::Bucket": Naming(
        name="BucketName",
        arn=_S3,
        attributes={
            "Arn": _S3,
            "DomainName": "{id}.s3.{suffix}",
            "RegionalDomainName": "{id}.s3.{region}.{suffix}",
        },
    ),
    "AWS::S3::BucketPolicy": Naming(owns_id=False),
    "AWS::SNS::Topic": _by_arn("sns", "", "TopicName", "TopicArn"),
    "AWS::SNS::TopicPolicy": Naming(owns_id=False),
    "AWS::SQS::Queue": Naming(
        name="QueueName",
        arn=_regional("sqs", "{id}"),
        ref=_QUEUE,
        attributes={"Arn": _regional("sqs", "{id}"), "QueueUrl": _QUEUE, "QueueName": "{id}"},
    ),
    "AWS::SQS::QueuePolicy": Naming(owns_id=False),
    "AWS::SSM::Parameter": _by_name("ssm", "parameter/", "Name"),
    "AWS::SageMaker::Endpoint": _by_arn("sagemaker", "endpoint/", "EndpointName", "EndpointArn"),
    "AWS::SageMaker::EndpointConfig": _by_arn(
        "sagemaker", "endpoint-config/", "EndpointConfigName", "EndpointConfigArn"
    ),
    "AWS::SageMaker::Model": _by_arn("sagemaker", "model/", "ModelName", "ModelArn"),
    "AWS::Scheduler::Schedule": Naming(
        name="Name",
        arn=_regional("scheduler", "schedule/{GroupName}/{id}"),
        attributes={"Arn": _regional("scheduler", "schedule/{GroupName}/{id}")},
        defaults={"GroupName": "default"},
    ),
    "AWS::Scheduler::ScheduleGroup": _by_name("scheduler", "schedule-group/", "Name"),
    "AWS::StepFunctions::StateMachine": _by_arn("states", "stateMachine:", "StateMachineName", "Arn", Name="{id}"),
}

_UNNAMED = Naming()


def naming(type_name: str) -> Naming:
    """How a type is called; a type not in the table is called by an id that AWS makes up."""
    return NAMINGS.get(type_name, _UNNAMED)


def written(text: str, id: str, place: Place, properties: Mapping[str, str] | None = None) -> str:
    """A format of the table with everything filled in."""
    known = {
        **(properties or {}),
        "id": id,
        "partition": partition(place.region),
        "suffix": url_suffix(place.region),
        "region": place.region,
        "account": place.account,
    }
    return re.sub(r"\{(\w+)\}", lambda match: known[match[1]], text)
