"""AWS::Logs::LogGroup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.local.keys import find
from infra.local.permissions import policy_allows
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.operations import Call

KEY_ACTIONS = ("Encrypt", "Decrypt", "ReEncryptFrom", "GenerateDataKey", "DescribeKey")


@rule(
    "AWS::Logs::LogGroup",
    error="AccessDeniedException",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html; "
    "hashicorp/terraform-provider-aws#29282 and ministryofjustice/modernisation-platform#7870 (the text and its error, "
    "of CreateLogGroup and AssociateKmsKey); which of the guide's actions AWS tries is inferred: all; read 2026-11-24",
)
def key_policy(call: Call, name: str, key_arn: str) -> str | None:
    """The key is symmetric, enabled, in the group's region, and lets CloudWatch Logs of there use it for the group."""
    group = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:{name}"
    refused = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
    key, service = find(key_arn, call.account, call.region), f"logs.{call.region}.amazonaws.com"
    symmetric = key is not None and key.enabled and key.key_spec == "SYMMETRIC_DEFAULT"
    if not symmetric or key.arn != key_arn or key_arn.split(":")[3] != call.region:
        return refused
    context = {"kms:encryptioncontext:aws:logs:arn": group, "kms:viaservice": service}
    policy = json.loads(key.policy)
    allowed = all(policy_allows(policy, f"kms:{one}", key.arn, context, principal=service) for one in KEY_ACTIONS)
    return None if allowed else refused
