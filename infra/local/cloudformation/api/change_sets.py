"""Change sets: create, describe, execute, delete, list."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult

from infra.local.cloudformation import importing, operations, request
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import (
    UPDATABLE,
    Asking,
    check_idle,
    check_updatable,
    obsolete,
    tags,
    without_none,
)
from infra.local.cloudformation.api.stacks import new_stack
from infra.local.cloudformation.events import tell_stack
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.planning import plan
from infra.local.cloudformation.refusals import (
    AlreadyExists,
    ChangeSetNotFound,
    InvalidChangeSetStatus,
    ValidationError,
)
from infra.local.cloudformation.state import ChangeSet, Run, Stack

NOTHING = "The submitted information didn't contain changes. Submit different information to create a change set."
EARLY = (
    "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early "
    "Validation errors, use the DescribeEvents API for detailed failure information."
)


class ChangeSets(Asking):
    """The operations on change sets, each found by its stack and its name, or by its ARN."""

    def create_change_set(self) -> ActionResult:
        engine = self.engine
        kind = self.params.get("ChangeSetType", "UPDATE")
        self._check_import(kind)
        name = self.params["ChangeSetName"]
        with engine.changed:
            stack, fresh = self._stack(kind)
            if any(other.name == name for other in _pending(stack)):
                raise AlreadyExists(f"ChangeSet {name} already exists")
            change_set = ChangeSet(
                name=name,
                arn=engine.arn("changeSet", name),
                created_at=engine.now(),
                operation=self.operation("CREATE_CHANGESET"),
                desired=None,
                description=self.params.get("Description"),
                request=dict(self.params),
            )
            self._plan(stack, change_set, kind)
            if fresh:
                engine.stacks[stack.arn] = stack
                tell_stack(Run(engine, stack, change_set.operation), "REVIEW_IN_PROGRESS", "User Initiated")
            elif change_set.operation not in stack.operations:
                stack.operations.append(change_set.operation)
            stack.change_sets[change_set.arn] = change_set
        return Answer({"Id": change_set.arn, "StackId": stack.arn})

    def _check_import(self, kind: str) -> None:
        if self.params.get("DeploymentMode"):
            raise ValidationError(
                f"the embedded AWS does not support DeploymentMode {self.params['DeploymentMode']}; leave it out"
            )
        if kind != "IMPORT" and self.params.get("ResourcesToImport"):
            raise ValidationError(f"ResourcesToImport needs the ChangeSetType IMPORT, is {kind}")

    def _stack(self, kind: str) -> tuple[Stack, bool]:
        """The stack to change, and whether it is new."""
        name = self.params["StackName"]
        there = self.engine.find(name)
        if there is not None and there.gone:
            there = None
        if kind == "UPDATE":
            if there is None:
                raise ValidationError(f"Stack [{name}] does not exist")
            if there.status == "REVIEW_IN_PROGRESS":
                raise ValidationError(f"Stack:{there.arn} is in REVIEW_IN_PROGRESS state and can not be updated.")
            check_idle(there, "updated")
            check_updatable(there)
            return there, False
        if kind == "IMPORT" and there is not None and there.status != "REVIEW_IN_PROGRESS":
            check_idle(there, "updated")
            check_updatable(there)
            return there, False
        if there is None:
            return new_stack(self.engine, name), True
        if there.status != "REVIEW_IN_PROGRESS":
            raise ValidationError(
                f"Stack [{there.name}] already exists and cannot be created again with the changeSet "
                f"[{self.params['ChangeSetName']}]."
            )
        return there, False

    def _plan(self, stack: Stack, change_set: ChangeSet, kind: str) -> None:
        engine = self.engine
        desired = change_set.desired = request.desired(engine, self.params, stack, stack.name, stack.arn)
        given = self.params.get("ResourcesToImport", ())
        asked = importing.wanted(given, desired, stack.region) if kind == "IMPORT" else {}
        try:
            by_itself = kind != "IMPORT" and bool(self.params.get("ImportExistingResources"))
            planned = plan(engine, stack, desired, asked, by_itself=by_itself)
        except ValidationError as error:
            change_set.status, change_set.execution_status, change_set.reason = "FAILED", "UNAVAILABLE", error.message
            return
        change_set.changes, change_set.problems = planned.changes, planned.problems
        change_set.found = planned.found
        if asked:
            importing.check(stack, desired, asked, planned)
            change_set.reason = importing.REVIEW
        try:
            importing.check_kept(desired, planned.found)
            importing.name(engine, stack, desired, asked, planned)
        except Failed as error:
            change_set.changes, change_set.status = [], "FAILED"
            change_set.execution_status, change_set.reason = "UNAVAILABLE", str(error)
            return
        if planned.problems:
            change_set.status, change_set.execution_status, change_set.reason = "FAILED", "UNAVAILABLE", EARLY
        elif not planned.anything and not stack.steps:
            change_set.status, change_set.execution_status, change_set.reason = "FAILED", "UNAVAILABLE", NOTHING

    def _found(self) -> tuple[Stack, ChangeSet]:
        """The change set asked for, by ARN, or by name within the stack the request names."""
        name = self.params["ChangeSetName"]
        if name.startswith("arn:"):
            for stack in self.engine.stacks.values():
                if name in stack.change_sets:
                    return stack, stack.change_sets[name]
        elif "StackName" not in self.params:
            raise ValidationError("StackName must be specified if ChangeSetName is not specified as an ARN.")
        elif (of := self.engine.find(self.params["StackName"])) is not None:
            for change_set in _pending(of):
                if change_set.name == name:
                    return of, change_set
        else:
            raise ValidationError(f"Stack [{self.params['StackName']}] does not exist")
        raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")

    def describe_change_set(self) -> ActionResult:
        engine = self.engine
        with engine.changed:
            stack, change_set = self._found()
            asked = change_set.request
            values = bool(self.params.get("IncludePropertyValues"))
            changes, token = self.page(change_set.changes)
            desired = change_set.desired
            told = {
                **_summary(stack, change_set),
                "Parameters": [given.shown() for given in desired.parameters.values()] if desired else None,
                "NotificationARNs": list(desired.notification_arns) if desired else None,
                "RollbackConfiguration": {},
                "Capabilities": asked.get("Capabilities"),
                "Tags": tags(desired.tags) if desired else None,
                "Changes": [change if values else _without_values(change) for change in changes],
                "OnStackFailure": asked.get("OnStackFailure"),
                "DeploymentConfig": asked.get("DeploymentConfig"),
                "NextToken": token,
            }
        return Answer(without_none(told))

    def execute_change_set(self) -> ActionResult:
        engine = self.engine
        with engine.changed:
            stack, change_set = self._found()
            if change_set.execution_status != "AVAILABLE":
                raise InvalidChangeSetStatus(
                    f"ChangeSet [{change_set.arn}] cannot be executed in its current execution status of "
                    f"[{change_set.execution_status}]"
                )
            first = stack.status == "REVIEW_IN_PROGRESS"
            if not first and stack.status not in UPDATABLE:
                raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")
            operation = self._operation("CREATE_STACK" if first else "UPDATE_STACK", change_set)
            assert change_set.desired is not None
            change_set.execution_status = "EXECUTE_IN_PROGRESS"
            stack.change_set_arn = change_set.arn
            stack.disable_rollback = operation.disable_rollback
            obsolete(stack, change_set)
            run = Run(engine, stack, operation)
            if change_set.request.get("ChangeSetType") == "IMPORT":
                operations.adopt(run, change_set.desired, change_set)
            elif first:
                operations.create(run, change_set.desired, change_set)
            else:
                operations.update(run, change_set.desired, change_set)
        return EmptyResult()

    def _operation(self, kind: str, change_set: ChangeSet) -> Any:
        """The operation, with what the change set and the request to execute it say about failure."""
        said = {**change_set.request, **self.params}
        self.params = {key: value for key, value in said.items() if key != "ClientToken"}
        return self.operation(kind)

    def delete_change_set(self) -> ActionResult:
        engine = self.engine
        with engine.changed:
            try:
                stack, change_set = self._found()
            except ChangeSetNotFound:
                return EmptyResult()
            if change_set.execution_status == "EXECUTE_IN_PROGRESS":
                raise InvalidChangeSetStatus(
                    f"ChangeSet [{change_set.arn}] cannot be deleted in execution status [EXECUTE_IN_PROGRESS]"
                )
            del stack.change_sets[change_set.arn]
        return EmptyResult()

    def list_change_sets(self) -> ActionResult:
        stack = self.existing()
        with self.engine.changed:
            shown, token = self.page(_pending(stack))
        return Answer(
            without_none({"Summaries": [_summary(stack, change_set) for change_set in shown], "NextToken": token})
        )

    def list_hook_results(self) -> ActionResult:
        return Answer({"TargetType": self.params.get("TargetType"), "HookResults": []})

    def describe_change_set_hooks(self) -> ActionResult:
        with self.engine.changed:
            stack, change_set = self._found()
        return Answer(
            {
                "ChangeSetId": change_set.arn,
                "ChangeSetName": change_set.name,
                "Hooks": [],
                "Status": "PLANNED",
                "StackId": stack.arn,
                "StackName": stack.name,
            }
        )


def _pending(stack: Stack) -> list[ChangeSet]:
    """The change sets that still have a name: one that was executed well is history, found by its ARN alone."""
    return [found for found in stack.change_sets.values() if found.execution_status != "EXECUTE_COMPLETE"]


def _summary(stack: Stack, change_set: ChangeSet) -> dict[str, Any]:
    return without_none(
        {
            "ChangeSetName": change_set.name,
            "ChangeSetId": change_set.arn,
            "StackId": stack.arn,
            "StackName": stack.name,
            "Description": change_set.description,
            "CreationTime": change_set.created_at,
            "ExecutionStatus": change_set.execution_status,
            "Status": change_set.status,
            "StatusReason": change_set.reason,
            "IncludeNestedStacks": False,
            "ImportExistingResources": bool(change_set.request.get("ImportExistingResources")),
        }
    )


_VALUES = frozenset({"BeforeContext", "AfterContext"})
_TARGET_VALUES = frozenset({"BeforeValue", "AfterValue", "Path", "AttributeChangeType"})


def _without_values(change: dict[str, Any]) -> dict[str, Any]:
    told = {key: value for key, value in change["ResourceChange"].items() if key not in _VALUES}
    told["Details"] = [
        {**detail, "Target": {key: value for key, value in detail["Target"].items() if key not in _TARGET_VALUES}}
        for detail in told["Details"]
    ]
    return {**change, "ResourceChange": told}
