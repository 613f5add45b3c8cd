"""Taking resources away, each after everything that needs it, and keeping what a policy says to keep.

Source: CloudFormation user guide, "Troubleshooting CloudFormation", "Resource removed from stack but not deleted":
an update that has succeeded, or was rolled back, tries three times to delete what it has done with, then leaves it
behind, is complete, and says so in the stack's reason; read 2026-11-24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.cloudformation import graph, order
from infra.local.cloudformation.events import tell
from infra.local.cloudformation.handlers import Failed, context, handling, type_of
from infra.local.cloudformation.state import Doomed, Run
from infra.local.keeping import whole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ATTEMPTS = 3
"""How often a cleanup tries to delete a resource."""
LEFT_BEHIND = "Update successful. One or more resources could not be deleted."


def remove_all(run: Run, *, keep: Collection[str], undo: bool) -> list[str]:
    """Delete every resource of the stack; the logical ids that could not be.

    `keep` names resources to leave standing. `undo` says that a failed creation is taken back, when
    RetainExceptOnCreate does not retain. What a resource that stays needs, stays too.
    """
    needs = {name: resource.needs for name, resource in run.stack.resources.items()}
    needed: set[str] = set()
    failed: list[str] = []
    for logical_id in reversed(graph.ordered(needs, needs, order.chance(run))):
        resource = run.stack.resources[logical_id]
        if logical_id in needed:
            needed |= resource.needs
        elif resource.status in ("DELETE_COMPLETE", "DELETE_SKIPPED"):  # of a deletion before this one
            continue
        elif logical_id in keep:
            tell(run, resource, "DELETE_SKIPPED")
        elif not remove(run, Doomed(resource, resource.declared.deletion_policy, undo)):
            failed.append(logical_id)
            needed |= resource.needs
    if failed:
        return failed
    return clean_up(run, [entry for entry in run.stack.leftovers if entry.resource.logical_id not in keep])


def clean_up(run: Run, doomed: Iterable[Doomed]) -> list[str]:
    """Delete, in this order, the physical resources that the stack has done with; the logical ids of what stays.

    One whose physical id a resource of the stack still bears is left alone. One that cannot be deleted, however often
    it is tried, is told in events and left behind.
    """
    done = {(resource.type_name, resource.physical_id) for resource in run.stack.resources.values()}
    waiting = []
    for entry in doomed:
        key = (entry.resource.type_name, entry.resource.physical_id)
        if entry.resource.physical_id and key not in done:
            done.add(key)
            waiting.append(entry)
    for _ in range(ATTEMPTS):
        waiting = [entry for entry in waiting if not remove(run, entry)]
    return [entry.resource.logical_id for entry in waiting]


@whole
def remove(run: Run, doomed: Doomed) -> bool:
    """Whether the resource is gone, or kept on purpose."""
    resource = doomed.resource
    excepted = (
        doomed.undo
        and not resource.imported
        and (doomed.policy == "RetainExceptOnCreate" or run.operation.retain_except_on_create)
    )
    if doomed.policy != "Delete" and not excepted and resource.physical_id:
        tell(run, resource, "DELETE_SKIPPED")
        return True
    try:
        tell(run, resource, "DELETE_IN_PROGRESS")
        if resource.physical_id:
            with handling("delete", run.stack, resource):
                where = context(run.stack, resource)
                type_of(resource.type_name).delete(resource.physical_id, dict(resource.properties), where)
    except Failed as error:
        tell(run, resource, "DELETE_FAILED", str(error))
        return False
    tell(run, resource, "DELETE_COMPLETE")
    return True
