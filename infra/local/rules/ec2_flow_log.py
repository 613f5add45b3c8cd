"""AWS::EC2::FlowLog."""

from __future__ import annotations

import re
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
FIELDS = frozenset(
    (
        *("version", "account-id", "interface-id", "srcaddr", "dstaddr", "srcport", "dstport", "protocol", "packets"),
        *("bytes", "start", "end", "action", "log-status", "vpc-id", "subnet-id", "instance-id", "tcp-flags", "type"),
        *("pkt-srcaddr", "pkt-dstaddr", "region", "az-id", "sublocation-type", "sublocation-id"),
        *("pkt-src-aws-service", "pkt-dst-aws-service", "flow-direction", "traffic-path", "reject-reason"),
        *("ecs-cluster-arn", "ecs-cluster-name", "ecs-container-instance-arn", "ecs-container-instance-id"),
        *("ecs-container-id", "ecs-second-container-id", "ecs-service-name", "ecs-task-definition-arn"),
        *("ecs-task-arn", "ecs-task-id", "encryption-status", "resource-id"),
    )
)
"""What a record of a VPC, a subnet or an interface may tell."""


def unsuccessful(_: str, message: str) -> Refused:
    """What an item of CreateFlowLogs' list of what was unsuccessful says: a number, and a message that says which."""
    return Refused("400", message)


@rule(
    TYPE,
    error="Access Denied for LogDestination",
    source=f"{GUIDE}/flow-logs-s3-permissions.html and {GUIDE}/flow-logs-troubleshooting.html; "
    "awsdocs/amazon-vpc-user-guide#28 (the text). A caller who may put bucket policies is not refused: AWS writes "
    "one; the enclave's deployer may not; read 2026-11-24",
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
    error="is undeliverable",
    source=f"{GUIDE}/flow-logs-troubleshooting.html (the text), read 2026-11-24",
    raises=unsuccessful,
)
def bucket_key(arn: str) -> str | None:
    """A bucket that is encrypted by a KMS key names it by its ARN, not by its id."""
    default = encryption_rule(log_delivery.bucket(arn)).get("ApplyServerSideEncryptionByDefault", {})
    key: str = default.get("KMSMasterKeyID", "arn:")
    return None if key.startswith("arn:") else f"LogDestination {_name(arn)} is undeliverable"


@rule(
    TYPE,
    error="InvalidParameter",
    source="aws-samples/aws-secure-environment-accelerator#1111 (the text for a bucket); cdk-preflight 1.9.1, "
    "reproduced on AWS by its authors (that for a log group); read 2026-11-24",
)
def role(asked: Mapping[str, Any]) -> str | None:
    """A role is named for delivery to a log group, and for that alone."""
    kind = asked["LogDestinationType"]
    if kind == "s3" and "DeliverLogsPermissionArn" in asked:
        return "DeliverLogsPermissionArn is not applicable for s3 delivery"
    if kind == "cloud-watch-logs" and "DeliverLogsPermissionArn" not in asked:
        return "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
    return None


@rule(
    TYPE,
    error="InvalidParameter",
    source=f"{GUIDE}/flow-log-records.html (the fields, with those of later versions); cdk-preflight 1.9.1, "
    "reproduced on AWS by its authors (the text); read 2026-11-24",
)
def fields(text: str | None) -> str | None:
    """A log format names fields that flow logs of a VPC have."""
    unknown = [field for field in re.findall(r"\$\{([^}]*)\}", text or "") if field not in FIELDS]
    return f"Unknown fields provided: {', '.join(unknown)}" if unknown else None


def _name(arn: str) -> str:
    return arn.split(":::", 1)[-1].split("/", 1)[0]
