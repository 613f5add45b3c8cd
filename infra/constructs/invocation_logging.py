"""How Bedrock records what models are asked and answer: where it writes, and the role it writes with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.constructs import names, role_actions
from infra.constructs.service_role import ServiceRole, acting_for
from infra.constructs.statement import allow

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.bucket import Bucket
    from infra.constructs.log_group import LogGroup
    from infra.constructs.role import ManagedPolicy
    from infra.settings import Enclave

# Every modality that PutModelInvocationLoggingConfiguration knows (botocore 1.44.5, read 2026-11-24); all are on.
MODALITIES = ("Text", "Image", "Embedding", "Video", "Audio")


STREAM = "aws/bedrock/modelinvocations"
"""The one stream Bedrock writes: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html,
read 2026-11-24."""


class InvocationLogging:
    """The wanted invocation logging of the account: every modality, to the evidence bucket and to a log group.

    No CloudFormation type sets it; the settings keeper does. The names are those of the Step Functions SDK
    integration, which writes every member in PascalCase; None is what must not be there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: ManagedPolicy,
        log_group: LogGroup,
        bucket: Bucket,
    ) -> None:
        self.role = ServiceRole(
            scope,
            id,
            boundary=boundary,
            service="bedrock.amazonaws.com",
            source=acting_for(settings, names.bedrock_arn(settings)),
            statements=[allow("WriteInvocations", role_actions.WRITE_LOGS, [log_group.stream(STREAM)])],
        )
        self.wanted: dict[str, Any] = {
            "CloudWatchConfig": {
                "LogGroupName": log_group.name,
                "RoleArn": self.role.arn,
                # Bodies over 100 kB do not fit a log event; without this they would be cut off there.
                "LargeDataDeliveryS3Config": {"BucketName": bucket.name, "KeyPrefix": None},
            },
            "S3Config": {"BucketName": bucket.name, "KeyPrefix": None},
            **{f"{modality}DataDeliveryEnabled": True for modality in MODALITIES},
        }
