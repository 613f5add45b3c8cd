"""AWS::Bedrock::Guardrail."""

from __future__ import annotations

from typing import Any

from infra.local.rule import rule

TYPE = "AWS::Bedrock::Guardrail"
PREFLIGHT = "cdk-preflight 1.9.1, whose authors reproduced it on AWS; botocore 1.44.5; read 2026-11-24"
POLICIES = (
    "topicPolicy",
    "contentPolicy",
    "wordPolicy",
    "sensitiveInformationPolicy",
    "contextualGroundingPolicy",
    "automatedReasoningPolicy",
)


def _filters(told: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told.get("contentPolicy", {}).get("filters", [])
    return found


def _tier(told: dict[str, Any], policy: str) -> str:
    return str(told.get(policy, {}).get("tier", {}).get("tierName", "CLASSIC"))


@rule(TYPE, error="ValidationException", source=PREFLIGHT)
def a_policy(told: dict[str, Any]) -> str | None:
    """A guardrail has at least one policy."""
    return None if any(told.get(policy) for policy in POLICIES) else "Guardrail must have at least one policy"


@rule(TYPE, error="ValidationException", source=PREFLIGHT)
def prompt_attack(told: dict[str, Any]) -> str | None:
    """The filter of prompt attacks looks at what comes in alone."""
    if any(entry["type"] == "PROMPT_ATTACK" and entry["outputStrength"] != "NONE" for entry in _filters(told)):
        return "PROMPT ATTACK content filter strength for response must be NONE"
    return None


@rule(TYPE, error="ValidationException", source=PREFLIGHT)
def duplicates(told: dict[str, Any]) -> str | None:
    """Nothing stands twice in a policy."""
    personal = told.get("sensitiveInformationPolicy", {})
    named = {
        "topic": [topic["name"] for topic in told.get("topicPolicy", {}).get("topics", [])],
        "content filter": [entry["type"] for entry in _filters(told)],
        "word": [word["text"] for word in told.get("wordPolicy", {}).get("words", [])],
        "PII entity": [entry["type"] for entry in personal.get("piiEntities", [])],
        "regex": [entry["name"] for entry in personal.get("regexes", [])],
        "grounding filter": [entry["type"] for entry in told.get("contextualGroundingPolicy", {}).get("filters", [])],
    }
    for kind, names in named.items():
        if len(set(names)) < len(names):
            return f"Guardrail has duplicate {kind} entries"
    return None


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-tiers.html; " + PREFLIGHT,
)
def standard_tier(told: dict[str, Any]) -> str | None:
    """The STANDARD tier needs cross-region inference."""
    standard = any(_tier(told, policy) == "STANDARD" for policy in ("topicPolicy", "contentPolicy"))
    if not standard or "crossRegionDetails" in told:
        return None
    return "Enable cross-Region inference for your guardrail to use Standard tier."


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html "
    "(0 to 0.99), read 2026-11-24",
)
def grounding(told: dict[str, Any]) -> str | None:
    """A threshold of contextual grounding is below 1, which would block everything."""
    filters = told.get("contextualGroundingPolicy", {}).get("filters", [])
    if any(entry["threshold"] >= 1 for entry in filters):
        return "Contextual grounding threshold must be less than 1"
    return None


@rule(
    TYPE,
    error="AccessDeniedException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-kms.html, read 2026-11-24",
)
def key(named: str, found: Any) -> str | None:
    """The key is there, enabled and symmetric."""
    if found is not None and found.enabled and found.key_spec == "SYMMETRIC_DEFAULT":
        return None
    return f"The KMS key {named} does not exist or cannot be used"
