"""AWS::EC2::FlowLog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local import log_delivery
from infra.local.resource_type import Refused
from infra.local.rule import rule
from infra.local.s3.settings import encryption_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.operations import Call

TYPE = "AWS::EC2::FlowLog"
GUIDE = "https://docs.aws.amazon.com/vpc/latest/userguide"


def unsuccessful(_: str, message: str) -> Refused:
    """What an item of CreateFlowLogs' list of what was unsuccessful says: a number, and a message that says which."""
    return Refused("400", message)


@rule(
    TYPE,
    error="Access Denied for LogDestination",
    source=f"{GUIDE}/flow-logs-s3-permissions.html, read 2026-11-24; https://github.com/aws/aws-cdk/issues/15808",
    raises=unsuccessful,
)
def bucket_policy(call: Call, arn: str) -> str | None:
    """The bucket's policy lets log delivery read its ACL and write the account's logs."""
    name = _name(arn)
    if log_delivery.reaches_bucket(arn, account=call.account, region=call.region, partition=call.partition):
        return None
    return f"Access Denied for LogDestination: {name}. Please check LogDestination permission"


@rule(
    TYPE,
    error="LogDestination undeliverable",
    source=f"{GUIDE}/flow-logs-s3-cmk-policy.html, by the project's notes of 2026-11-24; not read again",
    raises=unsuccessful,
)
def bucket_key(arn: str) -> str | None:
    """A bucket that is encrypted by a KMS key names it by its ARN, not by its id."""
    default = encryption_rule(log_delivery.bucket(arn)).get("ApplyServerSideEncryptionByDefault", {})
    key: str = default.get("KMSMasterKeyID", "arn:")
    return None if key.startswith("arn:") else f"LogDestination undeliverable: {_name(arn)}"


@rule(
    TYPE,
    error="InvalidParameter",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html, read 2026-11-24",
)
def role(asked: Mapping[str, Any]) -> str | None:
    """A role is named for delivery to a log group, and for that alone."""
    kind = asked["LogDestinationType"]
    if kind == "s3" and "DeliverLogsPermissionArn" in asked:
        return "DeliverLogsPermissionArn is not applicable for s3 delivery"
    if kind == "cloud-watch-logs" and "DeliverLogsPermissionArn" not in asked:
        return "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
    return None


def _name(arn: str) -> str:
    return arn.split(":::", 1)[-1].split("/", 1)[0]
