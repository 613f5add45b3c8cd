"""What may cross the boundary: for each endpoint service, who may do what on which resources.

A line here and a service in the catalogue make an endpoint; a service without a line is not offered in the enclave.
`bedrock-mantle` has none, for it knows no guardrail. `bedrock-runtime` is in model_access.py.
"""

from __future__ import annotations

from dataclasses import dataclass

WORKLOAD = "workload"
OPERATOR = "operator"
AUDITOR = "auditor"
HOSTING = "hosting"
ANY_ROLE = "any role"


@dataclass(frozen=True, slots=True)
class Crossing:
    """One allowance: its statement id, who, the actions, and the resources as ARNs with places to fill in."""

    sid: str
    who: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    "bedrock": (
        Crossing(
            "OperatorReads",
            OPERATOR,
            (
                "bedrock:GetFoundationModel",
                "bedrock:GetGuardrail",
                "bedrock:GetInferenceProfile",
                "bedrock:ListEnforcedGuardrailsConfiguration",
                "bedrock:ListFoundationModels",
                "bedrock:ListGuardrails",
                "bedrock:ListInferenceProfiles",
            ),
            ("*",),  # the lists take no resource; all of these only read settings
        ),
    ),
    "kms": (
        Crossing(
            "AuditorReads",
            AUDITOR,
            ("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"),
            ("arn:{partition}:kms:{region}:{account}:key/*",),
        ),
    ),
    "logs": (
        Crossing(
            "AuditorReads",
            AUDITOR,
            ("logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents"),
            ("{logs}",),
        ),
    ),
    "monitoring": (
        Crossing(
            "OperatorReads",
            OPERATOR,
            (
                "cloudwatch:DescribeAlarmHistory",
                "cloudwatch:DescribeAlarms",
                "cloudwatch:GetMetricData",
                "cloudwatch:ListMetrics",
            ),
            ("*",),  # metrics are no resource
        ),
    ),
    "sagemaker.runtime": (
        Crossing(
            "WorkloadInvokes",
            WORKLOAD,
            ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"),
            ("arn:{partition}:sagemaker:{region}:{account}:endpoint/*",),
        ),
    ),
    "states": (
        Crossing(
            "OperatorReads",
            OPERATOR,
            ("states:DescribeExecution", "states:DescribeStateMachine", "states:ListExecutions"),
            (
                "arn:{partition}:states:{region}:{account}:execution:{name}-*:*",
                "arn:{partition}:states:{region}:{account}:stateMachine:{name}-*",
            ),
        ),
    ),
    "sts": (Crossing("AsksWhoItIs", ANY_ROLE, ("sts:GetCallerIdentity",), ("*",)),),
    "dynamodb": (
        Crossing(
            "OperatorReads",
            OPERATOR,
            ("dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query"),
            ("arn:{partition}:dynamodb:{region}:{account}:table/{name}-*",),
        ),
    ),
    "s3": (
        Crossing(
            "HostingLoadsArtifacts",
            HOSTING,
            ("s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"),
            ("{artifacts}", "{artifacts}/*"),
        ),
        Crossing("HostingRecords", HOSTING, ("s3:PutObject",), ("{invocations}/*",)),
        Crossing(
            "AuditorReads",
            AUDITOR,
            (
                "s3:GetBucketObjectLockConfiguration",
                "s3:GetBucketPolicy",
                "s3:GetBucketVersioning",
                "s3:GetObject",
                "s3:GetObjectRetention",
                "s3:GetObjectVersion",
                "s3:ListBucket",
                "s3:ListBucketVersions",
            ),
            ("{evidence}", "{evidence}/*", "{invocations}", "{invocations}/*"),
        ),
    ),
}
