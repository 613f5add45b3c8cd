"""AWS::Events::Rule."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

TYPE = "AWS::Events::Rule"
# Targets that are reached by their own resource policy; every other kind needs a role.
BY_RESOURCE_POLICY = ("lambda", "sns", "sqs", "logs")
TARGETS = 5
GUIDE = "https://docs.aws.amazon.com/eventbridge/latest/userguide"
MEASURED = (
    f"{GUIDE}/eb-create-pattern-operators.html and {GUIDE}/eb-transform-target-input.html; cdk-preflight 1.9.1, "
    "reproduced on AWS by its authors (the text); read 2026-11-24"
)
MATCHERS = ("prefix", "suffix", "anything-but", "numeric", "exists", "cidr", "equals-ignore-case", "wildcard")
PLACEHOLDER = re.compile(r"<([\w.-]+)>")
OWN = (
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event",
    "aws.events.event.json",
    "aws.events.event.ingestion-time",
)
"""Placeholders that EventBridge fills by itself."""


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html; cdk-preflight 1.9.1, "
    "reproduced on AWS by its authors, and awsdocs/aws-codepipeline-user-guide#18 (the text and its error); "
    "read 2026-11-24",
)
def target_role(target: dict[str, Any]) -> str | None:
    """A target that no resource policy of its own lets be reached has a role."""
    arn = target["Arn"]
    if arn.split(":")[2] in BY_RESOURCE_POLICY or "RoleArn" in target:
        return None
    return f"RoleArn is required for target {arn}."


@rule(
    TYPE,
    error="ValidationException",
    source="Miserlou/Zappa#381 (the text and its error, of PutRule); cdk-preflight 1.9.1, whose authors found that "
    "PutTargets does not try the role of a target: EVD-08 does; read 2026-11-24",
)
def trust(account: str, role: str | None, arn: str) -> str | None:
    """The role of a rule itself, unlike that of a target, trusts EventBridge, for this rule of this account."""
    if not role or role_trusts(role, "events.amazonaws.com", service_context(account, arn)):
        return None
    return f"Provided role '{role}' cannot be assumed by principal 'events.amazonaws.com'."


@rule(
    TYPE,
    error="LimitExceededException",
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html; the text is inferred; read "
    "2026-11-24",
)
def targets(ids: Collection[str]) -> str | None:
    """A rule has at most five targets."""
    if len(ids) <= TARGETS:
        return None
    return f"The requested resource exceeds the maximum number allowed: targets of a rule, {TARGETS}."


@rule(TYPE, error="ValidationException", source=MEASURED)
def ids_once(targets: Sequence[Mapping[str, Any]]) -> str | None:
    """The targets of a request differ in their ids."""
    ids = [target["Id"] for target in targets]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    return f"More than one target with Id '{twice}' is provided" if twice is not None else None


@rule(TYPE, error="ValidationException", source=MEASURED)
def input_is_json(target: Mapping[str, Any]) -> str | None:
    """A constant input is JSON."""
    try:
        json.loads(target.get("Input", "{}"))
    except ValueError:
        return f"JSON syntax error in input for target {target['Id']}"
    return None


@rule(TYPE, error="ValidationException", source=MEASURED)
def placeholders(target: Mapping[str, Any]) -> str | None:
    """A template's placeholders are those of its map, or EventBridge's own."""
    transformer = target.get("InputTransformer", {})
    known = {*transformer.get("InputPathsMap", {}), *OWN}
    unknown = [one for one in PLACEHOLDER.findall(transformer.get("InputTemplate", "")) if one not in known]
    if not unknown:
        return None
    return f"InputTemplate for target {target['Id']} contains invalid placeholder {unknown[0]}"


@rule(TYPE, error="InvalidEventPatternException", source=MEASURED)
def pattern(text: str | None) -> str | None:
    """A pattern's matchers are those that EventBridge has."""
    try:
        unknown = next(_unknown_matchers(json.loads(text or "{}")), None)
    except ValueError:
        return None  # what is no JSON is refused elsewhere
    return f"Event pattern is not valid. Reason: Unrecognized match type {unknown}" if unknown else None


def _unknown_matchers(pattern: Any) -> Iterator[str]:
    for value in pattern.values() if isinstance(pattern, dict) else ():
        if isinstance(value, dict):
            yield from _unknown_matchers(value)
        for one in value if isinstance(value, list) else ():
            if isinstance(one, dict):
                yield from (
                    _unknown_matchers(one)
                    if value is pattern.get("$or")
                    else (name for name in one if name not in MATCHERS)
                )
