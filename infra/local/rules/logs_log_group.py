"""AWS::Logs::LogGroup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
    from moto.kms.models import kms_backends

    group = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:{name}"
    refused = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
    _, _, _, region, account, resource = key_arn.split(":", 5)
    key = kms_backends[account][region].keys.get(resource.removeprefix("key/"))
    if key is None or not key.enabled or region != call.region:
        return refused
    context = {"kms:encryptioncontext:aws:logs:arn": group, "kms:viaservice": f"logs.{region}.amazonaws.com"}
    policy, service = json.loads(key.policy), f"logs.{call.region}.amazonaws.com"
    allowed = all(policy_allows(policy, f"kms:{one}", key.arn, context, principal=service) for one in KEY_ACTIONS)
    return None if allowed else refused
