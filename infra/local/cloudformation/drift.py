"""What stands in the services against what the template said."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import live, schemas
from infra.local.cloudformation.handlers import Failed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from infra.local.cloudformation.state import Engine, Resource, Stack


def detect(engine: Engine, stack: Stack, logical_ids: Collection[str] = ()) -> str:
    """Compare every resource, or those named, with the services; the id under which the result is told."""
    at = engine.now()
    reason = ""
    for resource in list(stack.resources.values()):
        if logical_ids and resource.logical_id not in logical_ids:
            continue
        try:
            resource.drift = _status(stack, resource)
        except Failed as error:
            resource.drift = "UNKNOWN"
            reason = reason or f"Failed to detect drift on resource [{resource.logical_id}]: {error}"
        resource.drift_checked_at = at
    drifted = [r for r in stack.resources.values() if r.drift in ("MODIFIED", "DELETED")]
    stack.drift = "DRIFTED" if drifted else "UNKNOWN" if reason else "IN_SYNC"
    stack.drift_checked_at = at
    detection = str(uuid.uuid4())
    told: dict[str, Any] = {
        "StackId": stack.arn,
        "StackDriftDetectionId": detection,
        "StackDriftStatus": stack.drift,
        "DetectionStatus": "DETECTION_FAILED" if reason else "DETECTION_COMPLETE",
        "DriftedStackResourceCount": len(drifted),
        "Timestamp": at,
    }
    if reason:
        told["DetectionStatusReason"] = reason
    engine.drift_detections[detection] = told
    return detection


def _status(stack: Stack, resource: Resource) -> str:
    there = live.read(stack, resource)
    if there is None:
        return "DELETED"
    return "MODIFIED" if differences(stack, resource, there) else "IN_SYNC"


def differences(stack: Stack, resource: Resource, there: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The template's properties that the service tells otherwise; those it never tells again are left out."""
    hidden = schemas.write_only(resource.type_name, stack.region)
    expected = schemas.without(resource.properties, hidden)
    there = schemas.without(dict(there), hidden)
    found = []
    for name in sorted(expected):
        if name == "Tags":
            missing = [tag for tag in expected[name] if tag not in (there.get(name) or [])]
            same = not missing
        else:
            same = _canonical(expected[name]) == _canonical(there.get(name))
        if not same:
            found.append(
                {
                    "PropertyPath": f"/{name}",
                    "ExpectedValue": json.dumps(expected[name], default=str),
                    "ActualValue": json.dumps(there.get(name), default=str),
                    "DifferenceType": "REMOVE" if name not in there else "NOT_EQUAL",
                }
            )
    return found


def _canonical(value: Any) -> Any:
    """JSON text reads as the JSON it holds, so that a policy is compared and not its spelling."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return _canonical(json.loads(value))
        except ValueError:
            return value
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    return value
