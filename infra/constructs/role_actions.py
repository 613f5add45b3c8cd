"""What the roles of an enclave do, by purpose, each action by its full name.

A role's policy and the permissions boundary over all roles take their actions from here, so that nothing is granted
which the boundary stops, and nothing is within the boundary that no role needs.
"""

from __future__ import annotations

INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""Converse and ConverseStream have no IAM action of their own and authorise as these two."""

JUDGE = ("bedrock:ApplyGuardrail",)

READ_KEPT_SETTINGS = ("bedrock:GetAccountDataRetention", "bedrock:GetModelInvocationLoggingConfiguration")
PUT_INVOCATION_LOGGING = ("bedrock:PutModelInvocationLoggingConfiguration",)
PUT_DATA_RETENTION = ("bedrock:PutAccountDataRetention",)
HAND_OVER_ROLE = ("iam:PassRole",)
TELL = ("sns:Publish",)
START_WORKFLOW = ("states:StartExecution",)

LOG_WORKFLOW = (
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
)
"""Step Functions asks for these on every resource before it logs, through the permissions boundary too:
https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, read 2026-11-24."""

TRACE_WORKFLOW = (
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html, read 2026-11-24."""

WRITE_LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
DESCRIBE_LOGS = ("logs:DescribeLogStreams",)
USE_KEY = ("kms:Decrypt", "kms:GenerateDataKey")

PULL_IMAGE = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
SIGN_IN_TO_REGISTRY = ("ecr:GetAuthorizationToken",)
FETCH_ARTIFACT = ("s3:GetObject", "s3:ListBucket")
CAPTURE = ("s3:PutObject",)
JOIN_NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
)
FIND_NETWORK = (
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcs",
)
"""SageMaker's execution role makes the network interfaces of a model in a VPC:
https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html, read 2026-11-24."""
MEASURE = ("cloudwatch:PutMetricData",)

OPERATE = (
    "application-autoscaling:DescribeScalableTargets",
    "application-autoscaling:DescribeScalingActivities",
    "application-autoscaling:DescribeScalingPolicies",
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
    "ec2:DescribeFlowLogs",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeRouteTables",
    "ec2:DescribeVpcEndpoints",
    "events:DescribeRule",
    "events:ListRules",
    "events:ListTargetsByRule",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel",
    "sagemaker:ListEndpoints",
    "scheduler:GetSchedule",
    "scheduler:ListSchedules",
    "states:ListStateMachines",
)
"""Seeing how the enclave runs. No content: no log events, no objects, no execution history."""

OPERATE_KEEPER = ("states:DescribeExecution", "states:DescribeStateMachine", "states:ListExecutions")
"""The keeper's executions hold settings and names, no content."""

STORE_ARTIFACT = ("s3:AbortMultipartUpload", "s3:PutObject")

AUDIT_EVIDENCE = (
    "s3:GetObject",
    "s3:GetObjectLegalHold",
    "s3:GetObjectRetention",
    "s3:GetObjectVersion",
)
AUDIT_BUCKET = (
    "s3:GetBucketLocation",
    "s3:GetBucketObjectLockConfiguration",
    "s3:GetBucketPolicy",
    "s3:GetBucketVersioning",
    "s3:ListBucket",
    "s3:ListBucketVersions",
)
AUDIT_LOGS = ("logs:FilterLogEvents", "logs:GetLogEvents")
AUDIT_TRAIL = (
    "cloudtrail:DescribeTrails",
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrail",
    "cloudtrail:GetTrailStatus",
    "cloudtrail:LookupEvents",
)
READ_KEY = ("kms:Decrypt", "kms:DescribeKey")

ALL = frozenset(
    action
    for name, actions in tuple(globals().items())
    if name.isupper() and isinstance(actions, tuple)
    for action in actions
)
"""Every action any role needs: what the permissions boundary allows."""
