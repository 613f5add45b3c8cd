"""AWS::Bedrock::GuardrailVersion."""

from __future__ import annotations

from typing import Any

from infra.local.quotas import allowed
from infra.local.rule import rule

NAME = "(Guardrails) Versions per guardrail"


@rule(
    "AWS::Bedrock::GuardrailVersion",
    error="ServiceQuotaExceededException",
    source="https://docs.aws.amazon.com/general/latest/gr/bedrock.html, by public copies of its table; the error by "
    "botocore's model; read 2026-11-24",
)
def quota(account: str, region: str, guardrail: dict[str, Any]) -> str | None:
    """A guardrail has at most 20 versions, retained ones included."""
    limit = allowed(account, region, "bedrock", NAME)
    if len(guardrail["versions"]) < limit:
        return None
    return f"The guardrail {guardrail['draft']['guardrailArn']} has the {limit:.0f} versions that it may have."
