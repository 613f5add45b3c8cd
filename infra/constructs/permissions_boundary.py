"""The ceiling over every role of the enclave: what no role may ever do, whatever is attached to it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra import catalog

if TYPE_CHECKING:
    from infra.settings import Enclave

# Everything any role of an enclave needs, by the purpose that needs it; each action by its full name. An action that
# stands nowhere here is out of reach of every role, AWS's services of next year included. A role that a later stack
# brings adds its line.
NEEDED: dict[str, tuple[str, ...]] = {
    "inference": ("bedrock:ApplyGuardrail", "bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"),
    "settings keeper": (
        "bedrock:GetAccountDataRetention",
        "bedrock:GetModelInvocationLoggingConfiguration",
        "bedrock:PutAccountDataRetention",
        "bedrock:PutModelInvocationLoggingConfiguration",
        "cloudwatch:PutMetricData",
        "iam:PassRole",
        "sns:Publish",
        "states:StartExecution",
    ),
    # Step Functions logs to CloudWatch through these, on `*`, and checks them through the boundary too:
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, read 2026-11-24
    "workflow logging": (
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    ),
    # https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html, read 2026-11-24
    "workflow tracing": (
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
        "xray:PutTelemetryRecords",
        "xray:PutTraceSegments",
    ),
    "log delivery": ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"),
    "keys": ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
    "hosting": (
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DeleteNetworkInterface",
        "ec2:DeleteNetworkInterfacePermission",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "s3:PutObject",
    ),
    "operation": (
        "bedrock:GetGuardrail",
        "bedrock:ListEnforcedGuardrailsConfiguration",
        "bedrock:ListFoundationModels",
        "bedrock:ListGuardrails",
        "bedrock:ListInferenceProfiles",
        "cloudformation:DescribeStackEvents",
        "cloudformation:DescribeStackResources",
        "cloudformation:DescribeStacks",
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "ec2:DescribeDhcpOptions",
        "ec2:DescribeFlowLogs",
        "ec2:DescribeNetworkAcls",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeRouteTables",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "ec2:DescribeVpcEndpoints",
        "ec2:DescribeVpcs",
        "events:DescribeRule",
        "events:ListRules",
        "sagemaker:DescribeEndpoint",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DescribeModel",
        "sagemaker:ListEndpoints",
        "scheduler:GetSchedule",
        "states:DescribeExecution",
        "states:DescribeStateMachine",
        "states:ListExecutions",
    ),
    "audit": (
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetTrailStatus",
        "cloudtrail:LookupEvents",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:ListRoles",
        "logs:FilterLogEvents",
        "logs:GetLogEvents",
        "s3:GetBucketObjectLockConfiguration",
        "s3:GetBucketPolicy",
        "s3:GetBucketVersioning",
        "s3:GetObject",
        "s3:GetObjectRetention",
        "s3:GetObjectVersion",
        "s3:ListBucket",
        "s3:ListBucketVersions",
    ),
}

# Refused by name as well, since a resource policy that names a session is stopped by an explicit Deny alone.
IAM_WRITES = (
    *("iam:Add*", "iam:Attach*", "iam:Create*", "iam:Deactivate*", "iam:Delete*", "iam:Detach*", "iam:Enable*"),
    *("iam:Put*", "iam:Remove*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*", "iam:Upload*"),
    *("sts:AssumeRole", "sts:AssumeRoot", "organizations:LeaveOrganization"),
)
SAFEGUARD_WRITES = (
    *("bedrock:CreateGuardrail*", "bedrock:Delete*", "bedrock:UpdateGuardrail"),
    *("bedrock:PutEnforcedGuardrailConfiguration", "bedrock:PutResourcePolicy"),
    *("cloudtrail:Delete*", "cloudtrail:Put*", "cloudtrail:Stop*", "cloudtrail:Update*"),
    *("kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
    *("logs:Associate*", "logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DeleteRetentionPolicy"),
    *("logs:DisassociateKmsKey", "logs:PutRetentionPolicy"),
    *("s3:BypassGovernanceRetention", "s3:Delete*", "s3:PutBucket*", "s3:PutEncryptionConfiguration"),
    *("s3:PutLifecycleConfiguration", "s3:PutObjectRetention", "s3:PutReplicationConfiguration"),
)


class PermissionsBoundary(Construct):
    """A managed policy that every role of the enclave carries as its permissions boundary.

    It grants nothing by itself. A role can do what its own policies and this one both allow, and never what this one
    denies: change IAM, take another role, weaken a safeguard or its evidence, or reach a model without a guardrail.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave) -> None:
        super().__init__(scope, id)
        regions = sorted({settings.region, *(name for model in settings.models for name in model.destinations)})
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="ceiling over every role of the enclave; grants nothing by itself",
            statements=[
                iam.PolicyStatement(
                    sid="Ceiling",
                    actions=sorted({action for purpose in NEEDED.values() for action in purpose}),
                    resources=["*"],
                ),
                iam.PolicyStatement(
                    sid="NoEscalation", effect=iam.Effect.DENY, actions=sorted(IAM_WRITES), resources=["*"]
                ),
                iam.PolicyStatement(
                    sid="RolesGoToBedrockOnly",
                    effect=iam.Effect.DENY,
                    actions=["iam:PassRole"],
                    resources=["*"],
                    conditions={"StringNotEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
                ),
                iam.PolicyStatement(
                    sid="SafeguardsStay", effect=iam.Effect.DENY, actions=sorted(SAFEGUARD_WRITES), resources=["*"]
                ),
                iam.PolicyStatement(
                    sid="NoOtherPlane", effect=iam.Effect.DENY, actions=refused_planes(), resources=["*"]
                ),
                iam.PolicyStatement(
                    sid="NoModelWithoutGuardrail",
                    effect=iam.Effect.DENY,
                    actions=["bedrock:InvokeModel*"],
                    resources=["*"],
                    conditions={"Null": {"bedrock:GuardrailIdentifier": "true"}},
                ),
                iam.PolicyStatement(
                    sid="DeclaredRegionsOnly",
                    effect=iam.Effect.DENY,
                    actions=["bedrock:*", "sagemaker:*"],
                    resources=["*"],
                    conditions={"StringNotEquals": {"aws:RequestedRegion": regions}},
                ),
            ],
        )


def refused_planes() -> list[str]:
    """IAM patterns of every way to make a model answer that the catalogue refuses."""
    return sorted({pattern for plane in catalog.planes() if plane.verdict == "refused" for pattern in plane.patterns})
