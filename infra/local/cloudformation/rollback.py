"""Back to the state before: a failed creation taken away, a failed update undone step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.cloudformation import deletion, graph, outputs
from infra.local.cloudformation.events import tell, tell_stack
from infra.local.cloudformation.handlers import Failed, calling, context, type_of
from infra.local.cloudformation.state import Doomed, Engine, Operation, Stack, Step

if TYPE_CHECKING:
    from collections.abc import Collection


def creation(engine: Engine, stack: Stack, operation: Operation) -> None:
    """Delete what a failed creation has made; the stack stays, empty, as ROLLBACK_COMPLETE."""
    failed = deletion.remove_all(engine, stack, operation, keep=(), undo=True)
    stack.imports = frozenset()
    if failed:
        named = ", ".join(failed)
        tell_stack(
            engine, stack, operation, "ROLLBACK_FAILED", f"The following resource(s) failed to delete: [{named}]. "
        )
        return
    stack.steps.clear()
    stack.leftovers.clear()
    tell_stack(engine, stack, operation, "ROLLBACK_COMPLETE")


def update(engine: Engine, stack: Stack, operation: Operation, skip: Collection[str]) -> None:
    """Undo every step since the stack was settled, the last first, then delete what the steps had made.

    `skip` names resources whose undoing has failed and is given up.
    """
    while stack.steps:
        step = stack.steps[-1]
        try:
            if step.logical_id not in skip:
                _undo(engine, stack, operation, step)
        except Failed as error:
            current = stack.resources[step.logical_id]
            tell(engine, stack, operation, current, "UPDATE_FAILED", str(error))
            reason = f"The following resource(s) failed to update: [{step.logical_id}]. "
            tell_stack(engine, stack, operation, "UPDATE_ROLLBACK_FAILED", reason)
            return
        with engine.changed:
            stack.steps.pop()
            # Latest first, so that what was made last, and may need what was made before it, goes first.
            stack.leftovers.append(_doomed(stack, step))
    _redeclare(engine, stack)
    tell_stack(engine, stack, operation, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    deletion.clean_up(engine, stack, operation, stack.leftovers)
    stack.leftovers.clear()
    tell_stack(engine, stack, operation, "UPDATE_ROLLBACK_COMPLETE")


def _undo(engine: Engine, stack: Stack, operation: Operation, step: Step) -> None:
    before, after = step.before, step.after
    if before is None:
        return
    current = stack.resources[step.logical_id]
    tell(engine, stack, operation, current, "UPDATE_IN_PROGRESS")
    if before.physical_id == after.physical_id:
        with calling():
            where = context(stack, before.logical_id, before.suffix, before.tags)
            type_of(before.type_name).update(before.physical_id, dict(after.properties), dict(before.properties), where)
    restored = before.snapshot()
    restored.attributes = None
    stack.resources[step.logical_id] = restored
    tell(engine, stack, operation, restored, "UPDATE_COMPLETE")


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
