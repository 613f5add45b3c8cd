"""AWS::Bedrock::Guardrail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.operations import Call

TYPE = "AWS::Bedrock::Guardrail"
PREFLIGHT = "cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
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
    """Nothing stands twice in a policy; words differ in more than case."""
    words, personal = told.get("wordPolicy", {}), told.get("sensitiveInformationPolicy", {})
    grounding_filters = told.get("contextualGroundingPolicy", {}).get("filters", [])
    named = {
        "Topic policy topic names are not unique": [
            one["name"] for one in told.get("topicPolicy", {}).get("topics", [])
        ],
        "Content policy must not include duplicate filters": [one["type"] for one in _filters(told)],
        "Custom words cannot have case-insensitive duplicates": [one["text"].lower() for one in words.get("words", [])],
        "Managed words cannot have duplicates": [one["type"] for one in words.get("managedWordLists", [])],
        "The PII entity configs cannot have duplicates": [one["type"] for one in personal.get("piiEntities", [])],
        "All regex names must be unique": [one["name"] for one in personal.get("regexes", [])],
        "All regex patterns must be unique": [one["pattern"] for one in personal.get("regexes", [])],
        "The Contextual Grounding policy cannot have duplicate types": [one["type"] for one in grounding_filters],
    }
    return next((message for message, names in named.items() if len(set(names)) < len(names)), None)


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
    return "Enable cross-Region inference for your guardrail to use Standard tier"


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-contextual-grounding-check.html "
    "(0 to 0.99); " + PREFLIGHT,
)
def grounding(told: dict[str, Any]) -> str | None:
    """A threshold of contextual grounding is below 1, which would block everything."""
    filters = told.get("contextualGroundingPolicy", {}).get("filters", [])
    if any(entry["threshold"] >= 1 for entry in filters):
        return "grounding threshold cannot be greater than or equal to 1"
    return None


@rule(
    TYPE,
    error="AccessDeniedException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-kms.html; the error and its "
    "text are inferred; read 2026-11-24",
)
def key(named: str, found: Any) -> str | None:
    """The key is there, enabled and symmetric."""
    if found is not None and found.enabled and found.key_spec == "SYMMETRIC_DEFAULT":
        return None
    return f"The KMS key {named} does not exist or cannot be used"


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-cross-region-support.html; " + PREFLIGHT,
)
def profile(call: Call, named: str) -> str | None:
    """A guardrail profile is of the region's geography, and an ARN of it of this account and region."""
    if named.startswith("arn:"):
        _, _, _, region, account, _ = named.split(":", 5)
        if region != call.region:
            return "The provided ARN is invalid for the service region"
        if account != call.account:
            return "The provided resource ARN is from a different account"
    geography = named.rpartition("/")[2].partition(".")[0]
    if (geography == "us-gov") == call.region.startswith("us-gov-"):
        return None
    return (
        "Guardrail cross-Region profile ID is invalid. Specify a guardrail profile ID that's supported in your current "
        "AWS Region"
    )
