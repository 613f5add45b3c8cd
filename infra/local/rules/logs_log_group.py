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
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, read 2026-11-24",
)
def key_policy(call: Call, name: str, key_arn: str) -> str | None:
    """The key is enabled, in the group's region, and lets CloudWatch Logs of that region use it for this group."""
    group = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:{name}"
    refused = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
    key, service = find(key_arn, call.account, call.region), f"logs.{call.region}.amazonaws.com"
    if key is None or not key.enabled or key.arn != key_arn or key_arn.split(":")[3] != call.region:
        return refused
    context = {"kms:encryptioncontext:aws:logs:arn": group, "kms:viaservice": service}
    policy = json.loads(key.policy)
    allowed = all(policy_allows(policy, f"kms:{one}", key.arn, context, principal=service) for one in KEY_ACTIONS)
    return None if allowed else refused
