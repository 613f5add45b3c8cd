"""Writing a stack's history: every change of status is an event, and wakes whoever waits for the stack."""

from __future__ import annotations

import json
import uuid

from infra.local.cloudformation.intrinsics import is_known
from infra.local.cloudformation.state import STACK_TYPE, Engine, Event, Operation, Resource, Stack


def tell_stack(engine: Engine, stack: Stack, operation: Operation, status: str, reason: str = "") -> None:
    """Set the stack's status."""
    with engine.changed:
        stack.status = status
        stack.reason = reason
        _append(
            engine,
            stack,
            Event(
                id=str(uuid.uuid4()),
                logical_id=stack.name,
                physical_id=stack.arn,
                type_name=STACK_TYPE,
                status=status,
                reason=reason,
                at=engine.now(),
                operation=operation,
            ),
        )


def tell(engine: Engine, stack: Stack, operation: Operation, resource: Resource, status: str, reason: str = "") -> None:
    """Set a resource's status."""
    with engine.changed:
        at = engine.now()
        resource.status = status
        resource.reason = reason
        resource.changed_at = at
        known = is_known(resource.properties)
        _append(
            engine,
            stack,
            Event(
                id=f"{resource.logical_id}-{status}-{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z",
                logical_id=resource.logical_id,
                physical_id=resource.physical_id,
                type_name=resource.type_name,
                status=status,
                reason=reason,
                at=at,
                operation=operation,
                properties=json.dumps(resource.properties, separators=(",", ":"), default=str) if known else "",
            ),
        )


def _append(engine: Engine, stack: Stack, event: Event) -> None:
    if event.operation not in stack.operations:
        stack.operations.append(event.operation)
    stack.events.append(event)
    engine.changed.notify_all()
