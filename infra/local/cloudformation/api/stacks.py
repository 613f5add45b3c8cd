"""Stacks: create, update, delete, protect, describe, list."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult

from infra.local.cloudformation import operations, request
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, check_idle, check_updatable, obsolete, tags, without_none
from infra.local.cloudformation.planning import plan
from infra.local.cloudformation.refusals import AlreadyExists, ValidationError
from infra.local.cloudformation.state import Engine, Run, Stack

if TYPE_CHECKING:
    from collections.abc import Sequence

HOLD_SECONDS = 4.0
"""How long an answer about one stack waits for the stack to finish: the CLI itself looks only every 5 seconds."""


def new_stack(engine: Engine, name: str) -> Stack:
    """A stack of this name, empty and in review."""
    return Stack(
        name=request.stack_name(name),
        arn=engine.arn("stack", name),
        account=engine.account_id,
        region=engine.region_name,
        partition=engine.partition,
        created_at=engine.now(),
    )


def hold(engine: Engine, stack: Stack) -> None:
    """Wait until the stack has finished what it is at, or HOLD_SECONDS are over."""
    deadline = time.monotonic() + HOLD_SECONDS
    with engine.changed:
        while stack.in_progress and (left := deadline - time.monotonic()) > 0:
            engine.changed.wait(left)


def told(engine: Engine, stack: Stack) -> dict[str, Any]:
    """The stack as DescribeStacks tells it."""
    with engine.changed:
        shown = stack.desired or stack.target
        described = {
            "StackId": stack.arn,
            "StackName": stack.name,
            "ChangeSetId": stack.change_set_arn,
            "Description": (shown.template.description or None) if shown else None,
            "Parameters": [given.shown() for given in shown.parameters.values()] if shown else None,
            "CreationTime": stack.created_at,
            "DeletionTime": stack.deleted_at,
            "LastUpdatedTime": stack.updated_at,
            "RollbackConfiguration": {},
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason or None,
            "DisableRollback": stack.disable_rollback,
            "NotificationARNs": list(shown.notification_arns) if shown else [],
            "Capabilities": list(shown.capabilities) if shown else [],
            "Outputs": list(stack.outputs) or None,
            "RoleARN": shown.role_arn if shown else None,
            "Tags": tags(shown.tags) if shown else [],
            "EnableTerminationProtection": stack.protected,
            "DriftInformation": _drift(stack),
            "LastOperations": [
                {"OperationType": operation.kind, "OperationId": operation.id}
                for operation in reversed(stack.operations[-2:])
            ],
        }
    return without_none(described)


def _drift(stack: Stack) -> dict[str, Any]:
    return without_none({"StackDriftStatus": stack.drift, "LastCheckTimestamp": stack.drift_checked_at})


class Stacks(Asking):
    """The operations on whole stacks."""

    def create_stack(self) -> ActionResult:
        engine = self.engine
        name = request.stack_name(self.params["StackName"])
        with engine.changed:
            there = engine.find(name)
            if there is not None:
                raise AlreadyExists(f"Stack [{name}] already exists")
            stack = new_stack(engine, name)
            desired = request.desired(engine, self.params, None, name, stack.arn)
            self._refuse_problems(plan(engine, stack, desired).problems)
            operation = self.operation("CREATE_STACK")
            stack.protected = bool(self.params.get("EnableTerminationProtection"))
            stack.disable_rollback = operation.disable_rollback
            engine.stacks[stack.arn] = stack
            operations.create(Run(engine, stack, operation), desired)
        return Answer({"StackId": stack.arn, "OperationId": operation.id})

    def update_stack(self) -> ActionResult:
        engine = self.engine
        with engine.changed:
            stack = self.existing()
            check_updatable(stack)
            desired = request.desired(engine, self.params, stack, stack.name, stack.arn)
            planned = plan(engine, stack, desired)
            self._refuse_problems(planned.problems)
            if not planned.anything and not stack.steps:
                raise ValidationError("No updates are to be performed.")
            operation = self.operation("UPDATE_STACK")
            obsolete(stack, None)
            operations.update(Run(engine, stack, operation), desired)
        return Answer({"StackId": stack.arn, "OperationId": operation.id})

    @staticmethod
    def _refuse_problems(problems: list[dict[str, Any]]) -> None:
        if problems:
            told = (f"{problem['ValidationName']}: {problem['ValidationStatusReason']}" for problem in problems)
            raise ValidationError("; ".join(told))

    def delete_stack(self) -> ActionResult:
        engine = self.engine
        with engine.changed:
            stack = engine.find(self.params["StackName"])
            if stack is None or stack.gone:
                return EmptyResult()
            if stack.protected:
                raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
            if stack.status == "DELETE_IN_PROGRESS":
                return EmptyResult()
            check_idle(stack, "deleted")
            keep = tuple(self.params.get("RetainResources", ()))
            if keep and stack.status != "DELETE_FAILED":
                raise ValidationError(
                    "Invalid operation on stack with RetainResources: the stack must be in DELETE_FAILED, "
                    f"is in {stack.status}"
                )
            force = self.params.get("DeletionMode") == "FORCE_DELETE_STACK"
            operations.delete(Run(engine, stack, self.operation("DELETE_STACK")), keep, force=force)
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        engine = self.engine
        if self.params.get("StackName"):
            stack = self.existing("Stack with id {} does not exist")
            hold(engine, stack)
            return Answer({"Stacks": [told(engine, stack)]})
        with engine.changed:
            found = [stack for stack in engine.stacks.values() if not stack.gone]
        shown, token = self.page(sorted(found, key=lambda stack: stack.created_at, reverse=True))
        return Answer(without_none({"Stacks": [told(engine, stack) for stack in shown], "NextToken": token}))

    def list_stacks(self) -> ActionResult:
        engine = self.engine
        wanted = set(self.params.get("StackStatusFilter", ()))
        with engine.changed:
            found = [stack for stack in engine.stacks.values() if not wanted or stack.status in wanted]
        shown, token = self.page(sorted(found, key=lambda stack: stack.created_at, reverse=True))
        return Answer(without_none({"StackSummaries": [_summary(stack) for stack in shown], "NextToken": token}))

    def update_termination_protection(self) -> ActionResult:
        stack = self.existing()
        with self.engine.changed:
            stack.protected = bool(self.params["EnableTerminationProtection"])
        return Answer({"StackId": stack.arn})

    def continue_update_rollback(self) -> ActionResult:
        stack = self.existing()
        with self.engine.changed:
            if stack.status != "UPDATE_ROLLBACK_FAILED":
                raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not continue rollback.")
            skip = _skipped(stack, self.params.get("ResourcesToSkip", ()), bool(self.params.get("ForceRollback")))
            operations.roll_back(Run(self.engine, stack, self.operation("CONTINUE_ROLLBACK")), skip)
        return EmptyResult()

    def rollback_stack(self) -> ActionResult:
        stack = self.existing()
        operation = self.operation("ROLLBACK")
        with self.engine.changed:
            operations.roll_back(Run(self.engine, stack, operation))
        return Answer({"StackId": stack.arn, "OperationId": operation.id})

    def get_stack_policy(self) -> ActionResult:
        return Answer({"StackPolicyBody": self.existing().policy})

    def set_stack_policy(self) -> ActionResult:
        self.existing()
        raise ValidationError("the embedded AWS enforces no stack policies, so it takes none")


def _skipped(stack: Stack, named: Sequence[str], force: bool) -> tuple[str, ...]:
    """The resources whose undoing is given up: only those whose own undoing has failed may be.

    Source: CloudFormation API reference, ContinueUpdateRollback, read 2026-11-24.
    """
    failed = {
        name
        for name, resource in stack.resources.items()
        if resource.status == "UPDATE_FAILED" and _undoing(stack, name)
    }
    if force and named:
        raise ValidationError("ForceRollback and ResourcesToSkip cannot be specified together")
    if wrong := [name for name in named if name not in failed]:
        raise ValidationError(
            f"The following resource(s) cannot be skipped: [{', '.join(wrong)}]. "
            "Only resources in UPDATE_FAILED state because a rollback failed can be skipped"
        )
    return tuple(sorted(failed)) if force else tuple(named)


def _undoing(stack: Stack, logical_id: str) -> bool:
    """Whether the rollback has come to this resource and stands there."""
    return bool(stack.steps) and stack.steps[-1].logical_id == logical_id


def _summary(stack: Stack) -> dict[str, Any]:
    return without_none(
        {
            "StackId": stack.arn,
            "StackName": stack.name,
            "TemplateDescription": (stack.desired.template.description or None) if stack.desired else None,
            "CreationTime": stack.created_at,
            "LastUpdatedTime": stack.updated_at,
            "DeletionTime": stack.deleted_at,
            "StackStatus": stack.status,
            "StackStatusReason": stack.reason or None,
            "DriftInformation": _drift(stack),
        }
    )
