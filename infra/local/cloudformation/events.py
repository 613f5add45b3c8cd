"""Writing a stack's history: every change of status is an event, and wakes whoever waits for the stack."""

from __future__ import annotations

import json
import uuid

from infra.local.cloudformation.state import STACK_TYPE, Event, Resource, Run
from infra.local.keeping import keep


def tell_stack(run: Run, status: str, reason: str = "") -> None:
    """Set the stack's status."""
    stack = run.stack
    with run.engine.changed:
        stack.status = status
        stack.reason = reason
        _append(
            run,
            Event(
                id=str(uuid.uuid4()),
                logical_id=stack.name,
                physical_id=stack.arn,
                type_name=STACK_TYPE,
                status=status,
                reason=reason,
                at=run.engine.now(),
                operation=run.operation,
            ),
        )
    keep()


def tell(run: Run, resource: Resource, status: str, reason: str = "") -> None:
    """Set a resource's status."""
    with run.engine.changed:
        at = run.engine.now()
        resource.status = status
        resource.reason = reason
        resource.changed_at = at
        _append(
            run,
            Event(
                id=f"{resource.logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
                logical_id=resource.logical_id,
                physical_id=resource.physical_id,
                type_name=resource.type_name,
                status=status,
                reason=reason,
                at=at,
                operation=run.operation,
                properties=json.dumps(resource.properties, separators=(",", ":"), default=str),
            ),
        )


def _append(run: Run, event: Event) -> None:
    if event.operation not in run.stack.operations:
        run.stack.operations.append(event.operation)
    run.stack.events.append(event)
    run.engine.changed.notify_all()
