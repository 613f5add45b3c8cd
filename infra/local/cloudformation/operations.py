"""What a stack goes through: created, updated, rolled back, deleted, each in a thread of its own."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Any

from infra.local import standing_orders
from infra.local.cloudformation import deletion, execution, graph, importing, order, outputs, rollback
from infra.local.cloudformation.events import tell_stack
from infra.local.cloudformation.execution import Stopped
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import ChangeSet, Desired, Doomed, Engine, Run, Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

log = logging.getLogger(__name__)
_running: set[threading.Thread] = set()


def wait(timeout_seconds: float) -> None:
    """Wait until no stack is being worked on, or the time is over."""
    for thread in list(_running):
        thread.join(timeout_seconds)


def start(run: Run, body: Callable[..., None], *arguments: Any) -> None:
    """Run the body in a thread; if it breaks, the stack has failed and says why."""

    def work() -> None:
        try:
            body(run, *arguments)
        except Exception as error:
            log.exception("stack %s broke", run.stack.name)
            failed = f"{run.stack.status.removesuffix('_IN_PROGRESS').removesuffix('_CLEANUP')}_FAILED"
            failed = failed.replace("IMPORT_FAILED", "IMPORT_ROLLBACK_FAILED")  # a stack has no other failure of it
            tell_stack(run, failed, f"Internal failure of the embedded AWS: {error!r}")
        finally:
            _running.discard(threading.current_thread())

    thread = threading.Thread(target=work, name=f"stack {run.stack.name}", daemon=True)
    _running.add(thread)
    thread.start()


def create(run: Run, desired: Desired, change_set: ChangeSet | None = None) -> None:
    """Set a new stack on its way to what is desired."""
    run.stack.target = desired
    tell_stack(run, "CREATE_IN_PROGRESS", "User Initiated")
    start(run, _create, desired, change_set)


def _create(run: Run, desired: Desired, change_set: ChangeSet | None) -> None:
    try:
        execution.apply(run, desired, importing.by_itself(change_set))
        outputs.settle(run.engine, run.stack, desired)
    except (Stopped, Failed) as error:
        _executed(run, change_set, "EXECUTE_FAILED")
        if run.operation.disable_rollback or run.operation.on_failure == "DO_NOTHING":
            tell_stack(run, "CREATE_FAILED", str(error))
        elif run.operation.on_failure == "DELETE":
            run.stack.keep, run.stack.force = (), False
            tell_stack(run, "DELETE_IN_PROGRESS", f"{error}Delete requested by user.")
            _delete(run, ())
        else:
            tell_stack(run, "ROLLBACK_IN_PROGRESS", f"{error}Rollback requested by user.")
            rollback.creation(run)
        return
    _settle(run, desired)
    _executed(run, change_set, "EXECUTE_COMPLETE")
    with run.engine.changed:  # no order comes in between
        standing_orders.carry_out(run.stack)
        tell_stack(run, "CREATE_COMPLETE")


def update(run: Run, desired: Desired, change_set: ChangeSet | None = None) -> None:
    """Set a stack on its way from what it is to what is desired."""
    run.stack.target = desired
    run.stack.updated_at = run.engine.now()
    tell_stack(run, "UPDATE_IN_PROGRESS", "User Initiated")
    start(run, _update, desired, change_set)


def _update(run: Run, desired: Desired, change_set: ChangeSet | None) -> None:
    try:
        execution.apply(run, desired, importing.by_itself(change_set))
        outputs.settle(run.engine, run.stack, desired)
    except (Stopped, Failed) as error:
        _executed(run, change_set, "EXECUTE_FAILED")
        if run.operation.disable_rollback:
            tell_stack(run, "UPDATE_FAILED", str(error))
        else:
            run.stack.skip = ()
            tell_stack(run, "UPDATE_ROLLBACK_IN_PROGRESS", str(error))
            rollback.update(run, ())
        return
    with run.engine.changed:
        run.stack.leftovers = _done_with(run, desired)
        run.stack.steps.clear()
        tell_stack(run, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    _finish(run, desired, change_set)


def _finish(run: Run, desired: Desired, change_set: ChangeSet | None) -> None:
    left = deletion.clean_up(run, run.stack.leftovers)
    _settle(run, desired)
    _executed(run, change_set, "EXECUTE_COMPLETE")
    tell_stack(run, "UPDATE_COMPLETE", deletion.LEFT_BEHIND if left else "")


def _done_with(run: Run, desired: Desired) -> list[Doomed]:
    """What was replaced and what the template has no longer, each after what needed it."""
    there = set(graph.active(desired.template, desired.conditions))
    with run.engine.changed:
        removed = [run.stack.resources.pop(name) for name in list(run.stack.resources) if name not in there]
        old = [Doomed(resource, resource.declared.deletion_policy) for resource in removed]
        old += [
            Doomed(step.before, step.after.declared.update_replace_policy)
            for step in run.stack.steps
            if step.before is not None
        ]
        # What failed attempts have left, and nothing else can need: first, the latest before the earlier.
        abandoned = [*run.stack.leftovers, *(Doomed(step.after, "Delete") for step in reversed(run.stack.steps))]
    needs = {entry.resource.logical_id: entry.resource.needs for entry in old}
    place = {name: index for index, name in enumerate(graph.ordered(needs, needs, order.chance(run)))}
    old.sort(key=lambda entry: place[entry.resource.logical_id], reverse=True)
    return [*abandoned, *old]


def _settle(run: Run, desired: Desired) -> None:
    with run.engine.changed:
        run.stack.desired = run.stack.target = desired
        run.stack.steps.clear()
        run.stack.leftovers.clear()
        run.stack.imports = outputs.imports(run.engine, run.stack, desired)
        run.stack.drift = "NOT_CHECKED"


def _executed(run: Run, change_set: ChangeSet | None, status: str) -> None:
    if change_set is not None:
        with run.engine.changed:
            change_set.execution_status = status


def adopt(run: Run, desired: Desired, change_set: ChangeSet) -> None:
    """Set a stack on its way to what is desired by taking in what is there already."""
    run.stack.target = desired
    if run.stack.desired is not None:
        run.stack.updated_at = run.engine.now()
    tell_stack(run, "IMPORT_IN_PROGRESS", "User Initiated")
    start(run, _adopt, desired, change_set)


def _adopt(run: Run, desired: Desired, change_set: ChangeSet) -> None:
    try:
        importing.apply(run, desired, importing.asked(change_set, desired, run.stack.region))
        outputs.settle(run.engine, run.stack, desired)
    except (Stopped, Failed) as error:
        _executed(run, change_set, "EXECUTE_FAILED")
        tell_stack(run, "IMPORT_ROLLBACK_IN_PROGRESS", str(error))
        _forget(run)
        return
    _settle(run, desired)
    _executed(run, change_set, "EXECUTE_COMPLETE")
    tell_stack(run, "IMPORT_COMPLETE")


def _forget(run: Run) -> None:
    importing.take_back(run)
    run.stack.target = run.stack.desired
    tell_stack(run, "IMPORT_ROLLBACK_COMPLETE")


def delete(run: Run, keep: Collection[str] = (), *, force: bool = False) -> None:
    """Set a stack on its way out."""
    run.stack.keep, run.stack.force = tuple(keep), force
    tell_stack(run, "DELETE_IN_PROGRESS", "User Initiated")
    start(run, _delete, keep, force)


def _delete(run: Run, keep: Collection[str], force: bool = False) -> None:
    try:
        outputs.check_delete(run.engine, run.stack)
    except Failed as error:
        tell_stack(run, "DELETE_FAILED", str(error))
        return
    with run.engine.changed:  # what an update that was never finished has replaced, or half made
        for step in reversed(run.stack.steps):
            run.stack.leftovers.append(Doomed(step.after, "Delete"))
            if step.before is not None:
                run.stack.leftovers.append(Doomed(step.before, step.after.declared.update_replace_policy))
        run.stack.steps.clear()
    failed = deletion.remove_all(run, keep=keep, undo=False)
    if failed and not force:
        named = ", ".join(failed)
        tell_stack(run, "DELETE_FAILED", f"The following resource(s) failed to delete: [{named}]. ")
        return
    with run.engine.changed:
        run.stack.deleted_at = run.engine.now()
        run.stack.outputs, run.stack.imports = [], frozenset()
        run.stack.change_sets.clear()
        tell_stack(run, "DELETE_COMPLETE")


def roll_back(run: Run, skip: Collection[str] = ()) -> None:
    """Set a stack whose creation or update failed on its way back. Raises ValidationError in any other state."""
    if run.stack.status == "CREATE_FAILED":
        tell_stack(run, "ROLLBACK_IN_PROGRESS", "User Initiated")
        start(run, rollback.creation)
    elif run.stack.status in ("UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED"):
        run.stack.skip = tuple(skip)
        tell_stack(run, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
        start(run, rollback.update, skip)
    else:
        raise ValidationError(f"Stack:{run.stack.arn} is in {run.stack.status} state and can not be rolled back.")


def take_up(engine: Engine) -> None:
    """Go on with every operation that was at work when the state was written, as if nothing had happened."""
    for stack in list(engine.stacks.values()):
        if stack.in_progress:
            run = Run(engine, stack, stack.operations[-1])
            executing = (c for c in stack.change_sets.values() if c.execution_status == "EXECUTE_IN_PROGRESS")
            body, arguments = _left_at(stack, next(executing, None))
            start(run, body, *arguments)


def _left_at(stack: Stack, change_set: ChangeSet | None) -> tuple[Callable[..., None], tuple[Any, ...]]:
    match stack.status:
        case "CREATE_IN_PROGRESS":
            return _create, (stack.target, change_set)
        case "UPDATE_IN_PROGRESS":
            return _update, (stack.target, change_set)
        case "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS":
            return _finish, (stack.target, change_set)
        case "IMPORT_IN_PROGRESS":
            return _adopt, (stack.target, change_set)
        case "IMPORT_ROLLBACK_IN_PROGRESS":
            return _forget, ()
        case "ROLLBACK_IN_PROGRESS":
            return rollback.creation, ()
        case "UPDATE_ROLLBACK_IN_PROGRESS" | "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS":
            return rollback.update, (stack.skip,)
        case "DELETE_IN_PROGRESS":
            return _delete, (stack.keep, stack.force)
    raise AssertionError(stack.status)
