"""Stacks that an operation left half done: their states, what could not be rolled back, and the way out.

Source: CloudFormation user guide, "Stack status codes" and "Continue rolling back an update", API reference,
RollbackStack and DeleteStack; `cdk rollback` of CDK CLI 2.1148.1, which calls RollbackStack or ContinueUpdateRollback
by the stack's state and refuses ROLLBACK_FAILED, and its `cdk deploy`, which deletes a stack in ROLLBACK_COMPLETE or
ROLLBACK_FAILED before it makes it anew and never lifts its protection for that; all read 2026-11-24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.live.stacks import stacks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.settings import Enclave

SETTLED = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE"}
)
"""States with nothing left to do; UPDATE_ROLLBACK_COMPLETE is the one before a failed update."""
# What leads out of a state; `{failed}` are the logical ids that could not be rolled back or deleted.
_DELETE = "aws cloudformation delete-stack {stack}"
_UNPROTECT = "aws cloudformation update-termination-protection --no-enable-termination-protection {stack}"
_ROLL_BACK = "aws cloudformation rollback-stack {stack}"
_CONTINUE = "aws cloudformation continue-update-rollback {stack}"
_WAYS_OUT: dict[str, tuple[str, ...]] = {
    "CREATE_FAILED": (_ROLL_BACK,),
    "UPDATE_FAILED": (_ROLL_BACK,),
    "ROLLBACK_COMPLETE": (_DELETE,),
    "ROLLBACK_FAILED": (_DELETE,),
    "REVIEW_IN_PROGRESS": (_DELETE,),
    "DELETE_FAILED": (_DELETE, _DELETE + " --retain-resources {failed}"),
    "UPDATE_ROLLBACK_FAILED": (_CONTINUE, _CONTINUE + " --resources-to-skip {failed}"),
    "CREATE_IN_PROGRESS": ("aws cloudformation wait stack-create-complete {stack}",),
    "UPDATE_IN_PROGRESS": ("aws cloudformation wait stack-update-complete {stack}",),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": ("aws cloudformation wait stack-update-complete {stack}",),
    "UPDATE_ROLLBACK_IN_PROGRESS": ("aws cloudformation wait stack-rollback-complete {stack}",),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": ("aws cloudformation wait stack-rollback-complete {stack}",),
    "DELETE_IN_PROGRESS": ("aws cloudformation wait stack-delete-complete {stack}",),
}
_OTHERWISE = ("aws cloudformation describe-stack-events {stack}",)
_BY_DEPLOY = "mend the cause, then deploy again: `cdk deploy` deletes this stack before it makes it anew"
_STEPS = {
    "CREATE_FAILED": "mend the cause and deploy again, or roll back with {}, then deploy",
    "UPDATE_FAILED": "mend the cause and deploy again, or roll back with {}",
    "ROLLBACK_COMPLETE": _BY_DEPLOY + ", as {} does alone",
    "ROLLBACK_FAILED": "no rollback leads on, not `cdk rollback` either: " + _BY_DEPLOY + ", as {} does alone",
    "REVIEW_IN_PROGRESS": "a change set was made and never executed: deploy again, or {}",
    "DELETE_FAILED": "mend the cause, then {}; or leave what fails behind, for good: {}",
    "UPDATE_ROLLBACK_FAILED": "mend the cause, then {}; or give up what fails, which then is not as its template says: "
    "{}; `cdk rollback` and `cdk rollback --force` do the same",
}


@dataclass(frozen=True, slots=True)
class Stuck:
    """One resource of a stack that could not be made, rolled back or deleted, or that was left standing on purpose."""

    logical_id: str
    type: str
    id: str
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A stack that is in no good state, and what to do."""

    name: str
    status: str
    reason: str
    resources: tuple[Stuck, ...]
    left: tuple[Stuck, ...]
    """What its template retains and this operation left standing; when the stack goes, it is in none."""
    remedy: str

    @property
    def in_progress(self) -> bool:
        """Whether CloudFormation is still at work on it, so that nothing can be said yet."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


def unsettled(account: Account, enclave: Enclave) -> Iterator[Unsettled]:
    """The enclave's stacks in this account and region that are in no good state."""
    for stack in stacks_of(account, enclave, but=SETTLED | {"DELETE_COMPLETE"}):
        name, reason = stack["StackName"], stack.get("StackStatusReason", "")
        found = tuple(_resources(account, name))
        stuck = tuple(each for each in found if each.status.endswith("_FAILED"))
        left = tuple(each for each in found if each.status == "DELETE_SKIPPED")
        yield Unsettled(name, stack["StackStatus"], reason, stuck, left, _remedy(account, stack, stuck))


def _resources(account: Account, name: str) -> Iterator[Stuck]:
    listing = account.all("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=name)
    for each in sorted(listing, key=lambda each: str(each["LogicalResourceId"])):
        yield Stuck(
            each["LogicalResourceId"],
            each["ResourceType"],
            each.get("PhysicalResourceId", ""),
            each["ResourceStatus"],
            each.get("ResourceStatusReason", ""),
        )


def _remedy(account: Account, stack: dict[str, Any], stuck: tuple[Stuck, ...]) -> str:
    status = stack["StackStatus"]
    ways = _WAYS_OUT.get(status, _OTHERWISE)
    named = f"--stack-name {stack['StackName']} --region {account.region}"
    # Only what failed in the way the state says may be skipped or retained.
    wanted = {"UPDATE_ROLLBACK_FAILED": "UPDATE_FAILED", "DELETE_FAILED": "DELETE_FAILED"}.get(status)
    failed = " ".join(each.logical_id for each in stuck if each.status == wanted)
    commands = [f"`{way.format(stack=named, failed=failed)}`" for way in ways if failed or "{failed}" not in way]
    protected = stack.get("EnableTerminationProtection") and _DELETE in ways
    first = f"lift its protection, which no deploy does: `{_UNPROTECT.format(stack=named)}`; " if protected else ""
    steps = _STEPS.get(status, "wait for its end: {}" if status.endswith("_IN_PROGRESS") else "see what it says: {}")
    if len(commands) < steps.count("{}"):  # nothing in it is named: the first way alone
        steps = steps.partition(";")[0]
    return first + steps.format(*commands)
