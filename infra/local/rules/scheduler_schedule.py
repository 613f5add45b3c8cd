"""AWS::Scheduler::Schedule."""

from __future__ import annotations

from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

TYPE = "AWS::Scheduler::Schedule"
GUIDE = "https://docs.aws.amazon.com/scheduler/latest/UserGuide"
READS = ("get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup")


@rule(
    TYPE,
    error="ValidationException",
    source=f"{GUIDE}/cross-service-confused-deputy-prevention.html (the group is SourceArn), read 2026-11-24",
)
def trust(account: str, role: str, group: str) -> str | None:
    """The role trusts EventBridge Scheduler, for this account and the schedule's group."""
    if role_trusts(role, "scheduler.amazonaws.com", service_context(account, group)):
        return None
    return "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


@rule(TYPE, error="ValidationException", source=f"{GUIDE}/managing-targets-universal.html, read 2026-11-24")
def writing_operation(target: str) -> str | None:
    """A universal target is no operation that only reads."""
    if ":aws-sdk:" not in target or not target.rpartition(":")[2].lower().startswith(READS):
        return None
    return f"{target} is not a valid target: read-only operations are not supported."
