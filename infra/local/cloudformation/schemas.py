"""What a type's CloudFormation schema says about its properties: their shape, and what a change of them means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.local import shapes
from infra.local.cloudformation.intrinsics import AFTER_APPLY, as_text

_ABSENT = object()


@dataclass(frozen=True)
class Problem:
    """One property that the schema refuses."""

    path: str
    reason: str


def exists(type_name: str, region: str) -> bool:
    """Whether the region has this type at all."""
    try:
        shapes.schema(type_name, region)
    except KeyError:
        return False
    return True


def _names(type_name: str, region: str, keyword: str) -> list[str]:
    pointers = shapes.schema(type_name, region).get(keyword, ())
    return [pointer.removeprefix("/properties/") for pointer in pointers]


@cache
def attributes(type_name: str, region: str) -> frozenset[str]:
    """The names Fn::GetAtt takes: what the service alone sets, and the properties themselves."""
    own = {name.replace("/", ".") for name in read_only(type_name, region)}
    return frozenset(own | set(shapes.schema(type_name, region).get("properties", {})))


def write_only(type_name: str, region: str) -> list[str]:
    """Pointers (`A/B`, `*` for any item) to what the service never tells again."""
    return _names(type_name, region, "writeOnlyProperties")


def read_only(type_name: str, region: str) -> list[str]:
    """Pointers to what the service alone sets."""
    return _names(type_name, region, "readOnlyProperties")


def identifiers(type_name: str, region: str) -> list[str]:
    """The properties that identify a resource of this type."""
    return _names(type_name, region, "primaryIdentifier")


def readable(type_name: str, region: str) -> bool:
    """Whether the type can be read by its identifier, without which nothing of it can be imported."""
    handlers = shapes.schema(type_name, region).get("handlers")
    return not handlers or "read" in handlers


def taggable(type_name: str, region: str) -> bool:
    """Whether the stack's tags reach resources of this type and can change there."""
    schema = shapes.schema(type_name, region)
    tagging = schema.get("tagging")
    if tagging is None:
        return "Tags" in schema.get("properties", {})
    return bool(tagging.get("taggable", True)) and bool(tagging.get("tagUpdatable", True))


def updatable(type_name: str, region: str) -> bool:
    """Whether the type can change in place at all; without an update handler every change replaces."""
    handlers = shapes.schema(type_name, region).get("handlers")
    return not handlers or "update" in handlers


def must_replace(type_name: str, region: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The create-only pointers that read differently; all changed properties for a type that cannot be updated."""
    if not updatable(type_name, region):
        return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
    pointers = _names(type_name, region, "createOnlyProperties")
    return [pointer for pointer in pointers if _at(old, pointer) != _at(new, pointer)]


def _at(value: Any, pointer: str) -> Any:
    for index, part in enumerate(parts := pointer.split("/")):
        if part == "*":
            rest = "/".join(parts[index + 1 :])
            return [_at(item, rest) if rest else item for item in value] if isinstance(value, list) else None
        if not isinstance(value, Mapping):
            return value if value is AFTER_APPLY else None
        value = value.get(part)
    return value


def without(properties: Mapping[str, Any], pointers: list[str]) -> dict[str, Any]:
    """The properties with everything these pointers name left out."""
    kept: dict[str, Any] = dict(properties)
    for pointer in pointers:
        kept = _pruned(kept, pointer.split("/"))
    return kept


def _pruned(value: Any, parts: list[str]) -> Any:
    first, *rest = parts
    if first == "*":
        return [_pruned(item, rest) if rest else item for item in value] if isinstance(value, list) else value
    if not isinstance(value, dict) or first not in value:
        return value
    if not rest:
        return {key: item for key, item in value.items() if key != first}
    return {key: _pruned(item, rest) if key == first else item for key, item in value.items()}


def conform(type_name: str, region: str, properties: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The properties with scalars in the schema's types ("5" where a number belongs is 5), and what it refuses."""
    root = shapes.schema(type_name, region)
    problems: list[Problem] = []
    conformed: dict[str, Any] = _conform(root, root, dict(properties), "#", problems)
    return conformed, problems


def resolved(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node, or what its `$ref` points to."""
    while "$ref" in node:
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def alternatives(root: Mapping[str, Any], node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every schema that allOf, anyOf and oneOf of a node name."""
    for keyword in ("allOf", "anyOf", "oneOf"):
        for choice in node.get(keyword, ()):
            one = resolved(root, choice)
            yield one
            yield from alternatives(root, one)


def _conform(root: Mapping[str, Any], node: Mapping[str, Any], value: Any, path: str, problems: list[Problem]) -> Any:
    node = resolved(root, node)
    if value is AFTER_APPLY:
        return value
    types = node.get("type", ())
    types = (types,) if isinstance(types, str) else types
    if isinstance(value, dict):
        return _conform_object(root, node, value, path, problems)
    if isinstance(value, list):
        if types and "array" not in types:
            problems.append(Problem(path, f"{path}: expected type: {_kinds(types)}, found: JSONArray"))
        items = node.get("items")
        if not isinstance(items, dict):
            return value
        return [_conform(root, items, item, f"{path}/{index}", problems) for index, item in enumerate(value)]
    conformed = _scalar(types, value)
    if conformed is _ABSENT:
        problems.append(Problem(path, f"{path}: expected type: {_kinds(types)}, found: {type(value).__name__}"))
        return value
    allowed = node.get("enum")
    if allowed and conformed not in allowed:
        problems.append(Problem(path, f"{path}: {conformed} is not a valid enum value, allowed {sorted(allowed)}"))
    return conformed


def _kinds(types: Any) -> str:
    return " or ".join(types)


def _conform_object(
    root: Mapping[str, Any], node: Mapping[str, Any], value: dict[str, Any], path: str, problems: list[Problem]
) -> dict[str, Any]:
    types = node.get("type", ())
    if types and "object" not in types and not any(True for _ in alternatives(root, node)):
        problems.append(Problem(path, f"{path}: expected type: {_kinds([types])}, found: JSONObject"))
        return value
    known: dict[str, Any] = {}
    for choice in alternatives(root, node):
        known.update(choice.get("properties", {}))
    own = node.get("properties", {})
    known.update(own)
    patterns = node.get("patternProperties", {})
    closed = node.get("additionalProperties") is False and not patterns and bool(known)
    if closed:
        problems.extend(
            Problem(f"{path}/{key}", f"{path}: extraneous key [{key}] is not permitted")
            for key in value
            if key not in known
        )
    problems.extend(
        Problem(f"{path}/{key}", f"{path}: required key [{key}] not found")
        for key in node.get("required", ())
        if key not in value
    )
    return {
        key: _conform(root, known[key], item, f"{path}/{key}", problems) if key in known else item
        for key, item in value.items()
    }


_TRUTH = {"true": True, "false": False}


def _scalar(types: Any, value: Any) -> Any:  # noqa: PLR0912  # one row per pair of kinds
    """The scalar in one of the schema's types, or _ABSENT if it fits none."""
    for wanted in types:
        match wanted:
            case "string" if isinstance(value, str):
                return value
            case "boolean" if isinstance(value, bool):
                return value
            case "integer" if isinstance(value, int) and not isinstance(value, bool):
                return value
            case "number" if isinstance(value, int | float) and not isinstance(value, bool):
                return value
    for wanted in types:
        match wanted:
            case "string" if isinstance(value, bool | int | float):
                return as_text(value)
            case "boolean" if isinstance(value, str) and value.lower() in _TRUTH:
                return _TRUTH[value.lower()]
            case "integer" | "number" if isinstance(value, str):
                try:
                    return int(value)
                except ValueError:
                    pass
                if wanted == "number":
                    try:
                        return float(value)
                    except ValueError:
                        pass
            case "integer" if isinstance(value, float) and value.is_integer():
                return int(value)
            case "object" if isinstance(value, str):
                return value
    return value if not types or value is None else _ABSENT
