"""Drift: what a stack's resources are now, against what its template says they should be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeGuard

from infra.local import shapes
from infra.local.cloudformation import live, schemas
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.intrinsics import as_text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from infra.local.cloudformation.state import Engine, Resource, Stack

DRIFTED = frozenset({"MODIFIED", "DELETED"})
_ABSENT = object()


def detect(engine: Engine, stack: Stack, names: Collection[str]) -> dict[str, dict[str, Any]]:
    """Look at these resources of the stack; what each differs in, as the API tells it, by logical id."""
    found = {name: of(engine, stack, stack.resources[name]) for name in sorted(names)}
    statuses = {told["StackResourceDriftStatus"] for told in found.values()}
    with engine.changed:
        stack.drift_checked_at = engine.now()
        stack.drift = "DRIFTED" if statuses & DRIFTED else "UNKNOWN" if "UNKNOWN" in statuses else "IN_SYNC"
        stack.drifts = found
    return found


def of(engine: Engine, stack: Stack, resource: Resource) -> dict[str, Any]:
    """What one resource differs in; the resource remembers the verdict.

    Of one that is gone no properties are told, and differences of one that is MODIFIED alone.
    Source: CloudFormation API reference, StackResourceDrift, read 2026-11-24.
    """
    hidden = schemas.write_only(resource.type_name, stack.region)
    expected = schemas.without(resource.properties, hidden)
    told: dict[str, Any] = {}
    try:
        actual = live.read(stack, resource)
    except Failed as error:
        status, told = "UNKNOWN", {"ExpectedProperties": _json(expected), "DriftStatusReason": str(error)}
    else:
        if actual is None:
            status = "DELETED"
        else:
            actual = _without_tags_of_the_stack(resource, expected, schemas.without(actual, hidden))
            found = between(resource.type_name, stack.region, expected, actual)
            status = "MODIFIED" if found else "IN_SYNC"
            told = {
                "ExpectedProperties": _json(expected),
                "ActualProperties": _json({key: value for key, value in actual.items() if key in expected}),
                "PropertyDifferences": found,
            }
    with engine.changed:
        resource.drift, resource.drift_checked_at = status, engine.now()
    return {
        "StackId": stack.arn,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type_name,
        "StackResourceDriftStatus": status,
        "Timestamp": resource.drift_checked_at,
        **told,
    }


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _without_tags_of_the_stack(
    resource: Resource, expected: Mapping[str, Any], actual: dict[str, Any]
) -> dict[str, Any]:
    """The live properties without the tags that CloudFormation itself has put beside the template's."""
    declared, there = expected.get("Tags"), actual.get("Tags")
    if not _are_tags(declared) or not _are_tags(there):
        return actual
    own = {tag["Key"] for tag in declared}
    beside = {key for key in resource.tags if key not in own}
    kept = [tag for tag in there if tag["Key"] not in beside and not tag["Key"].startswith("aws:")]
    return {**actual, "Tags": kept}


def _are_tags(value: Any) -> TypeGuard[list[dict[str, str]]]:
    return isinstance(value, list) and all(isinstance(item, dict) and set(item) == {"Key", "Value"} for item in value)


def between(
    type_name: str, region: str, expected: Mapping[str, Any], actual: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What properties of this type differ in from what a template says, as the API tells it."""
    return differences(shapes.schema(type_name, region), dict(expected), dict(actual))


def differences(schema: Mapping[str, Any], expected: Any, actual: Any) -> list[dict[str, Any]]:
    """The same for a type of this schema; only what is expected counts."""
    return _differences(_Node(schema, schema), expected, actual, "")


class _Node:
    """A place in a type's schema: whether order matters in a list there."""

    def __init__(self, root: Mapping[str, Any], node: Mapping[str, Any]) -> None:
        self.root = root
        self.node = schemas.resolved(root, node)

    @property
    def ordered(self) -> bool:
        return bool(self.node.get("insertionOrder", True)) and not self.node.get("uniqueItems", False)

    def member(self, name: str) -> _Node:
        for choice in (self.node, *schemas.alternatives(self.root, self.node)):
            if name in choice.get("properties", {}):
                return _Node(self.root, choice["properties"][name])
        return _Node(self.root, {})

    def item(self) -> _Node:
        items = self.node.get("items")
        return _Node(self.root, items if isinstance(items, dict) else {})


def _differences(node: _Node, expected: Any, actual: Any, path: str) -> list[dict[str, Any]]:
    """Only what the template says is compared; what the service adds by itself is not drift."""
    if actual is _ABSENT:
        return [_difference("REMOVE", path, expected, None)]
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            found
            for key, value in sorted(expected.items())
            for found in _differences(node.member(key), value, actual.get(key, _ABSENT), f"{path}/{key}")
        ]
    if isinstance(expected, list) and isinstance(actual, list):
        return _list_differences(node, expected, actual, path)
    if _same(expected, actual):
        return []
    return [_difference("NOT_EQUAL", path, expected, actual)]


def _list_differences(node: _Node, expected: list[Any], actual: list[Any], path: str) -> list[dict[str, Any]]:
    if node.ordered and not _are_tags([*expected, *actual]) and len(expected) == len(actual):
        return [
            found
            for index, (left, right) in enumerate(zip(expected, actual, strict=True))
            for found in _differences(node.item(), left, right, f"{path}/{index}")
        ]
    item = node.item()
    rest = list(actual)
    found = []
    for index, value in enumerate(expected):
        match = next((other for other in rest if not _differences(item, value, other, "")), _ABSENT)
        if match is _ABSENT:
            found.append(_difference("REMOVE", f"{path}/{index}", value, None))
        else:
            rest.remove(match)
    return found + [
        _difference("ADD", f"{path}/{len(expected) + index}", None, other) for index, other in enumerate(rest)
    ]


def _same(left: Any, right: Any) -> bool:
    if left == right:
        return True
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        return bool(_parsed(left) == _parsed(right))
    return left is not None and right is not None and as_text(left) == as_text(right)


def _parsed(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _difference(kind: str, path: str, expected: Any, actual: Any) -> dict[str, Any]:
    return {
        "PropertyPath": path,
        "ExpectedValue": _shown(expected),
        "ActualValue": _shown(actual),
        "DifferenceType": kind,
    }


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
