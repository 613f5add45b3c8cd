"""AWS::Logs::ResourcePolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::Logs::ResourcePolicy"
NUMBER = 10
"""Resource policies of an account and region; it cannot be raised."""
SIZE = 5120
"""Characters of one resource policy of the account; one of a log group alone may be longer."""


@rule(TYPE, error="LimitExceededException", source="botocore 1.44.5, PutResourcePolicy, read 2026-11-24")
def number(policies: Mapping[str, Any], name: str) -> str | None:
    """An account has at most ten resource policies in a region."""
    of_account = [key for key in policies if not key.startswith("arn:")]
    return "Resource limit exceeded." if name not in policies and len(of_account) >= NUMBER else None


@rule(
    TYPE,
    error="InvalidParameterException",
    source="botocore 1.44.5, CreateResolverQueryLogConfig: 5,120 characters, where PutResourcePolicy's own shape takes "
    "51,200, read 2026-11-24; the error's name is unverified",
)
def size(document: str) -> str | None:
    """A resource policy of the account has at most 5,120 characters."""
    if len(document) <= SIZE:
        return None
    return (
        "1 validation error detected: Value at 'policyDocument' failed to satisfy constraint: "
        f"Member must have length less than or equal to {SIZE}"
    )
