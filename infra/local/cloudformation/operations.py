"""What a stack goes through: created, updated, rolled back, deleted, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import deletion, execution, graph, outputs, rollback
from infra.local.cloudformation.events import tell_stack
from infra.local.cloudformation.execution import Stopped
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import ChangeSet, Desired, Doomed, Engine, Operation, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)
_running: set[threading.Thread] = set()


def wait(timeout_seconds: float) -> None:
    """Wait until no stack is being worked on, or the time is over."""
    for thread in list(_running):
        thread.join(timeout_seconds)


def start(engine: Engine, stack: Stack, operation: Operation, body: Callable[..., None], *arguments: Any) -> None:
    """Run the body in a thread; if it breaks, the stack has failed and says why."""

    def run() -> None:
        try:
            body(engine, stack, operation, *arguments)
        except Exception as error:
            log.exception("stack %s broke", stack.name)
            failed = f"{stack.status.removesuffix('_IN_PROGRESS').removesuffix('_CLEANUP')}_FAILED"
            tell_stack(engine, stack, operation, failed, f"Internal failure of the embedded AWS: {error!r}")
        finally:
            _running.discard(threading.current_thread())

    thread = threading.Thread(target=run, name=f"stack {stack.name}", daemon=True)
    _running.add(thread)
    thread.start()


def create(
    engine: Engine, stack: Stack, operation: Operation, desired: Desired, change_set: ChangeSet | None = None
) -> None:
    """Set a new stack on its way to what is desired."""
    stack.target = desired
    tell_stack(engine, stack, operation, "CREATE_IN_PROGRESS", "User Initiated")
    start(engine, stack, operation, _create, desired, change_set)


def _create(engine: Engine, stack: Stack, operation: Operation, desired: Desired, change_set: ChangeSet | None) -> None:
    try:
        execution.apply(engine, stack, desired, operation)
        outputs.settle(engine, stack, desired)
    except (Stopped, Failed) as error:
        _executed(engine, change_set, "EXECUTE_FAILED")
        if operation.disable_rollback or operation.on_failure == "DO_NOTHING":
            tell_stack(engine, stack, operation, "CREATE_FAILED", str(error))
        elif operation.on_failure == "DELETE":
            tell_stack(engine, stack, operation, "DELETE_IN_PROGRESS", f"{error}Delete requested by user.")
            _delete(engine, stack, operation, ())
        else:
            tell_stack(engine, stack, operation, "ROLLBACK_IN_PROGRESS", f"{error}Rollback requested by user.")
            rollback.creation(engine, stack, operation)
        return
    _settle(engine, stack, desired)
    _executed(engine, change_set, "EXECUTE_COMPLETE")
    tell_stack(engine, stack, operation, "CREATE_COMPLETE")


def update(
    engine: Engine, stack: Stack, operation: Operation, desired: Desired, change_set: ChangeSet | None = None
) -> None:
    """Set a stack on its way from what it is to what is desired."""
    stack.target = desired
    stack.updated_at = engine.now()
    tell_stack(engine, stack, operation, "UPDATE_IN_PROGRESS", "User Initiated")
    start(engine, stack, operation, _update, desired, change_set)


def _update(engine: Engine, stack: Stack, operation: Operation, desired: Desired, change_set: ChangeSet | None) -> None:
    try:
        execution.apply(engine, stack, desired, operation)
        outputs.settle(engine, stack, desired)
    except (Stopped, Failed) as error:
        _executed(engine, change_set, "EXECUTE_FAILED")
        if operation.disable_rollback:
            tell_stack(engine, stack, operation, "UPDATE_FAILED", str(error))
        else:
            tell_stack(engine, stack, operation, "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            rollback.update(engine, stack, operation, ())
        return
    tell_stack(engine, stack, operation, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    _clean_up(engine, stack, operation, desired)
    _settle(engine, stack, desired)
    _executed(engine, change_set, "EXECUTE_COMPLETE")
    tell_stack(engine, stack, operation, "UPDATE_COMPLETE")


def _clean_up(engine: Engine, stack: Stack, operation: Operation, desired: Desired) -> None:
    """Delete what was replaced and what the template has no longer, dependants first."""
    there = set(graph.active(desired.template, desired.conditions))
    needs = {name: resource.needs for name, resource in stack.resources.items()}
    order = {name: index for index, name in enumerate(graph.ordered(needs, needs))}
    with engine.changed:
        removed = [stack.resources.pop(name) for name in list(stack.resources) if name not in there]
        doomed = [Doomed(resource, resource.declared.deletion_policy) for resource in removed]
        for step in stack.steps:
            if step.before is not None:
                doomed.append(Doomed(step.before, step.after.declared.update_replace_policy))
            doomed.append(Doomed(step.after, "Delete"))
        doomed += stack.leftovers
    doomed.sort(key=lambda entry: order.get(entry.resource.logical_id, -1), reverse=True)
    deletion.clean_up(engine, stack, operation, doomed)


def _settle(engine: Engine, stack: Stack, desired: Desired) -> None:
    with engine.changed:
        stack.desired = stack.target = desired
        stack.steps.clear()
        stack.leftovers.clear()
        stack.imports = outputs.imports(engine, stack, desired)
        stack.drift = "NOT_CHECKED"


def _executed(engine: Engine, change_set: ChangeSet | None, status: str) -> None:
    if change_set is not None:
        with engine.changed:
            change_set.execution_status = status


def delete(
    engine: Engine, stack: Stack, operation: Operation, keep: Collection[str] = (), *, force: bool = False
) -> None:
    """Set a stack on its way out."""
    tell_stack(engine, stack, operation, "DELETE_IN_PROGRESS", "User Initiated")
    start(engine, stack, operation, _delete, keep, force)


def _delete(engine: Engine, stack: Stack, operation: Operation, keep: Collection[str], force: bool = False) -> None:
    try:
        outputs.check_delete(engine, stack)
    except Failed as error:
        tell_stack(engine, stack, operation, "DELETE_FAILED", str(error))
        return
    failed = deletion.remove_all(engine, stack, operation, keep=keep, undo=False)
    if failed and not force:
        named = ", ".join(failed)
        tell_stack(
            engine, stack, operation, "DELETE_FAILED", f"The following resource(s) failed to delete: [{named}]. "
        )
        return
    with engine.changed:
        stack.deleted_at = engine.now()
        stack.outputs, stack.imports = [], frozenset()
        stack.change_sets.clear()
        tell_stack(engine, stack, operation, "DELETE_COMPLETE")


def roll_back(engine: Engine, stack: Stack, operation: Operation, skip: Collection[str] = ()) -> None:
    """Set a stack whose creation or update failed on its way back. Raises ValidationError in any other state."""
    if stack.status == "CREATE_FAILED":
        tell_stack(engine, stack, operation, "ROLLBACK_IN_PROGRESS", "User Initiated")
        start(engine, stack, operation, rollback.creation)
    elif stack.status in ("UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"):
        tell_stack(engine, stack, operation, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        start(engine, stack, operation, rollback.update, skip)
    else:
        raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be rolled back.")
