"""AWS::Scheduler::Schedule."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::Scheduler::Schedule"
GUIDE = "https://docs.aws.amazon.com/scheduler/latest/UserGuide"
MEASURED = "cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
READS = (
    *("get", "describe", "list", "poll", "receive", "search", "scan", "query", "select", "read", "lookup"),
    *("discover", "validate", "batchget", "batchdescribe", "batchread", "transactget", "adminget", "adminlist"),
    *("testmigration", "retrieve", "testconnection", "translatedocument", "isauthorized", "invokemodel"),
)
"""What the name of an operation that no schedule calls begins with, in small letters."""
UNIVERSAL = re.compile(r"arn:[\w-]+:scheduler:::aws-sdk:[^:]+:[^:]+")


@rule(
    TYPE,
    error="ValidationException",
    source=f"{GUIDE}/cross-service-confused-deputy-prevention.html (the group is SourceArn); KensioSoftware/yulin#1085 "
    "(the text); cdk-preflight 1.9.1, reproduced on AWS by its authors; read 2026-11-24",
)
def trust(account: str, role: str, group: str) -> str | None:
    """The role trusts EventBridge Scheduler, for this account and the schedule's group."""
    if role_trusts(role, "scheduler.amazonaws.com", service_context(account, group)):
        return None
    return "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."


@rule(TYPE, error="ValidationException", source=f"{GUIDE}/managing-targets-universal.html; {MEASURED}")
def writing_operation(target: str) -> str | None:
    """A universal target is no operation that only reads."""
    operation = target.rpartition(":")[2]
    if ":aws-sdk:" not in target or not operation.lower().startswith(READS):
        return None
    return f"{operation} API is not supported"


@rule(TYPE, error="ValidationException", source=f"{GUIDE}/managing-targets-universal.html; {MEASURED}")
def universal(target: Mapping[str, Any]) -> str | None:
    """A universal target's ARN has no region and no account, and its Input is the operation's."""
    if ":aws-sdk:" not in target["Arn"]:
        return None
    if not UNIVERSAL.fullmatch(target["Arn"]):
        return "scheduler is not a supported service for a target"
    return None if target.get("Input") else "You must provide an input to set this target for your schedule"


@rule(TYPE, error="ValidationException", source=f"{GUIDE}/managing-targets.html; {MEASURED}")
def region(target: str, own: str) -> str | None:
    """A target lies in the schedule's region."""
    named = target.split(":")[3]
    return f"The target ARN provided does not match the current region {own}." if named not in ("", own) else None


@rule(TYPE, error="ValidationException", source=f"{GUIDE}/managing-targets.html; {MEASURED}")
def input_is_json(text: str | None) -> str | None:
    """A target's Input is JSON."""
    try:
        json.loads("{}" if text is None else text)
    except ValueError:
        return "JSON syntax error in input for the target"
    return None
