"""AWS::Events::Rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Collection

TYPE = "AWS::Events::Rule"
# Targets that are reached by their own resource policy; every other kind needs a role.
BY_RESOURCE_POLICY = ("lambda", "sns", "sqs", "logs")
TARGETS = 5


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
    source="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html, read 2026-11-24",
)
def targets(ids: Collection[str]) -> str | None:
    """A rule has at most five targets."""
    if len(ids) <= TARGETS:
        return None
    return f"The requested resource exceeds the maximum number allowed: targets of a rule, {TARGETS}."
