"""Back to the state before: a failed creation taken away, a failed update undone step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.cloudformation import deletion, graph, outputs
from infra.local.cloudformation.events import tell, tell_stack
from infra.local.cloudformation.handlers import Failed, context, handling, type_of
from infra.local.cloudformation.state import Doomed, Engine, Run, Stack, Step
from infra.local.keeping import whole

if TYPE_CHECKING:
    from collections.abc import Collection


def creation(run: Run) -> None:
    """Delete what a failed creation has made; the stack stays, empty, as ROLLBACK_COMPLETE."""
    failed = deletion.remove_all(run, keep=(), undo=True)
    run.stack.imports = frozenset()
    if failed:
        named = ", ".join(failed)
        tell_stack(run, "ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{named}]. ")
        return
    run.stack.steps.clear()
    run.stack.leftovers.clear()
    tell_stack(run, "ROLLBACK_COMPLETE")


def update(run: Run, skip: Collection[str]) -> None:
    """Undo every step since the stack was settled, the last first, then delete what the steps had made.

    `skip` names resources whose undoing has failed and is given up.
    """
    while run.stack.steps:
        if not _take_back(run, run.stack.steps[-1], skip):
            return
    _redeclare(run.engine, run.stack)
    tell_stack(run, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    left = deletion.clean_up(run, run.stack.leftovers)
    run.stack.leftovers.clear()
    tell_stack(run, "UPDATE_ROLLBACK_COMPLETE", deletion.LEFT_BEHIND if left else "")


@whole
def _take_back(run: Run, step: Step, skip: Collection[str]) -> bool:
    """Whether the last step is undone; if not, the rollback has failed."""
    try:
        if step.logical_id in skip:
            _give_up(run, step)
        else:
            _undo(run, step)
    except Failed as error:
        current = run.stack.resources[step.logical_id]
        tell(run, current, "UPDATE_FAILED", str(error))
        reason = f"The following resource(s) failed to update: [{step.logical_id}]. "
        tell_stack(run, "UPDATE_ROLLBACK_FAILED", reason)
        return False
    with run.engine.changed:
        run.stack.steps.pop()
        # Latest first, so that what was made last, and may need what was made before it, goes first.
        run.stack.leftovers.append(_doomed(run.stack, step))
    return True


def _undo(run: Run, step: Step) -> None:
    before, after = step.before, step.after
    if before is None:
        return
    current = run.stack.resources[step.logical_id]
    tell(run, current, "UPDATE_IN_PROGRESS")
    if before.physical_id == after.physical_id:
        with handling("update", run.stack, before):
            where = context(run.stack, before)
            type_of(before.type_name).update(before.physical_id, dict(after.properties), dict(before.properties), where)
    restored = before.snapshot()
    restored.attributes = None
    run.stack.resources[step.logical_id] = restored
    tell(run, restored, "UPDATE_COMPLETE")


def _give_up(run: Run, step: Step) -> None:
    """Take a resource for what it was before, whatever it is: the template says so from now on."""
    if step.before is not None:
        restored = step.before.snapshot()
        restored.attributes = None
        run.stack.resources[step.logical_id] = restored
        tell(run, restored, "UPDATE_COMPLETE", "Resource was skipped while the rollback was continued.")


def _doomed(stack: Stack, step: Step) -> Doomed:
    if step.before is not None:
        return Doomed(step.after, "Delete")
    stack.resources.pop(step.logical_id, None)
    return Doomed(step.after, step.after.declared.deletion_policy, undo=True)


def _redeclare(engine: Engine, stack: Stack) -> None:
    """Give every record back what the settled template says beside properties: policies, metadata, needs."""
    settled = stack.desired
    if settled is None:
        return
    needs = graph.dependencies(settled.template, settled.conditions)
    with engine.changed:
        stack.target = settled
        for logical_id, resource in stack.resources.items():
            if logical_id in needs:
                resource.declared = settled.template.resources[logical_id]
                resource.needs = needs[logical_id]
        stack.imports = outputs.imports(engine, stack, settled)
