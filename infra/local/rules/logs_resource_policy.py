"""AWS::Logs::ResourcePolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::Logs::ResourcePolicy"
QUOTAS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html, read 2026-11-24"
NUMBER = 10
"""Resource policies of an account and region; it cannot be raised."""
SIZE = 5120
"""Characters of one resource policy."""


@rule(TYPE, error="LimitExceededException", source=QUOTAS)
def number(policies: Mapping[str, Any], name: str) -> str | None:
    """An account has at most ten resource policies in a region."""
    of_account = [key for key in policies if not key.startswith("arn:")]
    return "Resource limit exceeded." if name not in policies and len(of_account) >= NUMBER else None


@rule(
    TYPE,
    error="InvalidParameterException",
    source="https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html, "
    "read 2026-11-24",
)
def size(document: str) -> str | None:
    """A resource policy has at most 5,120 characters."""
    if len(document) <= SIZE:
        return None
    return (
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        f"Member must have length less than or equal to {SIZE}"
    )
