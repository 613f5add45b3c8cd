"""Operations on change sets: planned when made, executed in a thread that goes on by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import operations, planning, views
from infra.local.cloudformation.asked import Asked
from infra.local.cloudformation.events import tell_stack
from infra.local.cloudformation.refusals import (
    AlreadyExists,
    ChangeSetNotFound,
    InvalidChangeSetStatus,
    ValidationError,
)
from infra.local.cloudformation.request import desired, stack_name
from infra.local.cloudformation.state import ChangeSet, Operation, Stack

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Engine

UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "IMPORT_COMPLETE",
        "UPDATE_FAILED",
        "CREATE_FAILED",
    }
)


class ChangeSetOperations(Asked):
    """CreateChangeSet and what follows it."""

    def create_change_set(self) -> Any:
        """Plan at once: the answer comes when the change set is there, so nobody waits for a poll."""
        kind = self.params.get("ChangeSetType", "UPDATE")
        if kind == "IMPORT":
            raise ValidationError("the embedded AWS imports no resources: ChangeSetType IMPORT, allowed CREATE, UPDATE")
        engine = self.engine
        stack = self._stack_for(engine, kind)
        name = self.params["ChangeSetName"]
        with engine.changed:
            pending = stack.change_sets.get(name)
            if pending is not None and pending.execution_status == "AVAILABLE":
                raise AlreadyExists(f"ChangeSet {name} already exists")
        found = self._planned(engine, stack, name)
        with engine.changed:
            stack.change_sets[name] = found
        return self.answer({"Id": found.arn, "StackId": stack.arn})

    def _stack_for(self, engine: Engine, kind: str) -> Stack:
        asked = self.params["StackName"]
        name = stack_name(asked.split("/")[1] if asked.startswith("arn:") else asked)
        stack = engine.find(asked)
        if kind == "CREATE":
            if stack is not None and stack.status != "REVIEW_IN_PROGRESS":
                raise ValidationError(
                    f"Stack [{name}] already exists and cannot be created again with the changeSet "
                    f"[{self.params['ChangeSetName']}]."
                )
            return stack or self._reviewed(engine, name)
        if stack is None:
            raise ValidationError(f"Stack [{name}] does not exist")
        if stack.status not in UPDATABLE:
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")
        return stack

    def _reviewed(self, engine: Engine, name: str) -> Stack:
        stack = new_stack(engine, name)
        with engine.changed:
            engine.stacks[stack.arn] = stack
            tell_stack(engine, stack, Operation("CREATE_CHANGESET"), "REVIEW_IN_PROGRESS", "User Initiated")
        return stack

    def _planned(self, engine: Engine, stack: Stack, name: str) -> ChangeSet:
        wanted = desired(engine, self.params, stack, stack.name, stack.arn)
        found = ChangeSet(
            name=name,
            arn=engine.arn("changeSet", name),
            created_at=engine.now(),
            operation=Operation("CREATE_CHANGESET"),
            desired=wanted,
            description=self.params.get("Description"),
            request=dict(self.params),
        )
        plan = planning.plan(engine, stack, wanted)
        found.changes, found.problems = plan.changes, plan.problems
        if plan.problems:
            self._fail(found, "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. ")
        elif not plan.anything:
            self._fail(found, planning.UNCHANGED)
        return found

    @staticmethod
    def _fail(found: ChangeSet, reason: str) -> None:
        found.status, found.execution_status, found.reason = "FAILED", "UNAVAILABLE", reason

    def describe_change_set(self) -> Any:
        """The change set, with its changes."""
        stack, found = self._change_set()
        with_values = bool(self.params.get("IncludePropertyValues"))
        return self.answer(views.change_set_told(stack, found, with_values=with_values))

    def _change_set(self) -> tuple[Stack, ChangeSet]:
        name = self.params["ChangeSetName"]
        engine = self.engine
        with engine.changed:
            if "StackName" in self.params:
                candidates = [self.stack("Stack [{}] does not exist")]
            else:
                candidates = list(engine.stacks.values())
            for stack in candidates:
                for found in stack.change_sets.values():
                    if name == found.arn or (name == found.name and "StackName" in self.params):
                        return stack, found
        raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")

    def execute_change_set(self) -> Any:
        """Set the stack on its way; the answer does not wait for it."""
        stack, found = self._change_set()
        engine = self.engine
        with engine.changed:
            if found.execution_status != "AVAILABLE":
                raise InvalidChangeSetStatus(
                    f"ChangeSet [{found.arn}] cannot be executed in its current status of [{found.status}]"
                )
            if stack.in_progress:
                raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")
            found.execution_status = "EXECUTE_IN_PROGRESS"
            stack.change_sets = {found.name: found}  # the others are made for what is no longer there
            stack.change_set_arn = found.arn
            stack.disable_rollback = bool(self.params.get("DisableRollback"))
        creates = stack.status == "REVIEW_IN_PROGRESS"
        operation = Operation(
            "CREATE_STACK" if creates else "UPDATE_STACK",
            token=self.params.get("ClientRequestToken"),
            disable_rollback=stack.disable_rollback,
            on_failure=found.request.get("OnStackFailure", "ROLLBACK"),
            retain_except_on_create=bool(self.params.get("RetainExceptOnCreate")),
        )
        begin = operations.create if creates else operations.update
        assert found.desired is not None
        begin(engine, stack, operation, found.desired, found)
        return self.answer()

    def delete_change_set(self) -> Any:
        """Forget a change set; one that is not there is forgotten already."""
        engine = self.engine
        try:
            stack, found = self._change_set()
        except ChangeSetNotFound:
            return self.answer()
        with engine.changed:
            if found.execution_status == "EXECUTE_IN_PROGRESS":
                raise InvalidChangeSetStatus(f"ChangeSet [{found.arn}] is being executed")
            del stack.change_sets[found.name]
        return self.answer()

    def list_change_sets(self) -> Any:
        """The change sets of a stack."""
        stack = self.stack("Stack [{}] does not exist")
        members = ("ChangeSetName", "ChangeSetId", "StackId", "StackName", "ExecutionStatus", "Status", "CreationTime")
        told = [views.change_set_told(stack, found, with_values=False) for found in stack.change_sets.values()]
        return self.answer({"Summaries": [{m: t[m] for m in members if m in t} for t in told]})


def new_stack(engine: Engine, name: str) -> Stack:
    """A stack that nothing has happened to yet."""
    return Stack(
        name=name,
        arn=engine.arn("stack", name),
        account=engine.account_id,
        region=engine.region_name,
        partition=engine.partition,
        created_at=engine.now(),
    )
