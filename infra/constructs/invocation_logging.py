"""How Bedrock records what models are asked and answer: where it writes, and the role it writes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import role_actions
from infra.constructs.service_role import ServiceRole

if TYPE_CHECKING:
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3

# Every modality that PutModelInvocationLoggingConfiguration knows (botocore 1.44.5, read 2026-11-24); all are on.
MODALITIES = ("Text", "Image", "Embedding", "Video", "Audio")


STREAM = "aws/bedrock/modelinvocations"
"""The one stream Bedrock writes: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html,
read 2026-11-24."""


class InvocationLogging(Construct):
    """The wanted invocation logging of the account: every modality, to the evidence bucket and to a log group.

    No CloudFormation type sets it; the settings keeper does. The names are those of the Step Functions SDK
    integration, which writes every member in PascalCase; None is what must not be there.
    """

    def __init__(self, scope: Construct, id: str, *, log_group: logs.ILogGroup, bucket: s3.IBucket) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        logs_here = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}"
        self.role = ServiceRole(
            self,
            "Delivery",
            service="bedrock.amazonaws.com",
            source_arn=f"arn:{stack.partition}:bedrock:{stack.region}:{stack.account}:*",
            statements=[
                iam.PolicyStatement(
                    sid="WriteInvocations",
                    actions=list(role_actions.WRITE_LOGS),
                    # The group's own ARN attribute ends in `:*`, so the stream's is spelled out.
                    resources=[f"{logs_here}:log-group:{log_group.log_group_name}:log-stream:{STREAM}"],
                )
            ],
        ).role
        self.wanted: dict[str, Any] = {
            "CloudWatchConfig": {
                "LogGroupName": log_group.log_group_name,
                "RoleArn": self.role.role_arn,
                # Bodies over 100 kB do not fit a log event; without this they would be cut off there.
                "LargeDataDeliveryS3Config": {"BucketName": bucket.bucket_name, "KeyPrefix": None},
            },
            "S3Config": {"BucketName": bucket.bucket_name, "KeyPrefix": None},
            **{f"{modality}DataDeliveryEnabled": True for modality in MODALITIES},
        }
