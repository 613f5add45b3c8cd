"""AWS::Bedrock::EnforcedGuardrailConfiguration."""

from __future__ import annotations

from typing import Any

from infra.local.rule import rule


@rule(
    "AWS::Bedrock::EnforcedGuardrailConfiguration",
    error="ValidationException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-enforcements.html (Automated Reasoning is "
    "not supported); the error and its text are inferred; read 2026-11-24",
)
def automated_reasoning(guardrail: dict[str, Any]) -> str | None:
    """A guardrail that is enforced has no Automated Reasoning policy."""
    if "automatedReasoningPolicy" not in guardrail:
        return None
    return "Automated Reasoning is not supported in an enforced guardrail."


@rule(
    "AWS::Bedrock::EnforcedGuardrailConfiguration",
    error="ResourceNotFoundException",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_PutEnforcedGuardrailConfiguration.html, "
    "the text is inferred; read 2026-11-24",
)
def version(guardrail: dict[str, Any], wanted: str) -> str | None:
    """The version that is enforced is there."""
    if wanted in guardrail["versions"]:
        return None
    arn = guardrail["draft"]["guardrailArn"]
    return f"Version {wanted} of the guardrail {arn} could not be found."
