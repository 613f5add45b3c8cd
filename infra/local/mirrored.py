"""What of each resource type's properties the embedded AWS mirrors, found out by asking the types themselves.

Each property of a type's schema, filled with everything that the schema knows below it, is handed to the type's
`create`, whose clients answer by botocore's models and reach no service. What it has no place for it refuses as
`Unsupported`, by name, as it does in a deploy; that is taken out, and the rest is tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.local import clients
from infra.local.cloudformation import schemas
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported, resource_types
from infra.local.shapes import schema

if TYPE_CHECKING:
    from collections.abc import Iterator

REGION = "us-gov-west-1"
DEPTH_AT_MOST = 12
TRIES_AT_MOST = 300


@dataclass(frozen=True)
class Mirrored:
    """One type: its settable properties that are mirrored, those that fail a deploy, and parts that do."""

    type: str
    properties: tuple[str, ...]
    lacking: tuple[str, ...]
    parts: tuple[str, ...]
    """Paths within properties that are mirrored otherwise."""


def mirrored(region: str = REGION) -> Iterator[Mirrored]:
    """Every type, sorted."""
    for name, kind in resource_types().items():
        yield _of(kind, name, region)


def _of(kind: ResourceType, name: str, region: str) -> Mirrored:
    root = schema(name, region)
    read_only = {pointer.removeprefix("/properties/") for pointer in root.get("readOnlyProperties", ())}
    settable = sorted(set(root["properties"]) - read_only)
    required = {each: _sample(root, root["properties"][each], 0) for each in root.get("required", ())}
    whole, lacking, parts = [], [], []
    for each in settable:
        refused = list(_refused(kind, each, {**required, each: _sample(root, root["properties"][each], 0)}, region))
        if each in refused:
            lacking.append(each)
        else:
            whole.append(each)
            parts += refused
    return Mirrored(name, tuple(whole), tuple(lacking), tuple(parts))


def _refused(kind: ResourceType, tried: str, properties: Properties, region: str) -> Iterator[str]:
    """The paths within one property that `create` refuses, each taken out before the next try.

    Raises Unsupported where the type refuses something else, without which it cannot be made at all.
    """
    context = _Asked("111122223333", region, "aws-us-gov", "stack", f"arn:aws-us-gov:cloudformation:{region}:::", "One")
    for _ in range(TRIES_AT_MOST):
        try:
            kind.create(properties, context)
        except Unsupported as refused:
            needed = refused.message.partition(" without ")[2]
            if needed and needed not in properties:
                properties = {**properties, needed: "1"}
                continue
            paths = _paths(refused)
            if tried in paths:
                yield tried
                return
            # A type may name the path from the call's member on, or only the end of it.
            ends = [path.split(".")[start:] for path in paths for start in range(len(path.split(".")))]
            gone = next((end for end in ends if _taken_out(properties[tried], end)), None)
            if gone is None:
                raise
            yield ".".join([tried, *gone])
        except Exception:  # the answers mean nothing, and what they lead to neither
            return
        else:
            return


def _paths(refused: Unsupported) -> list[str]:
    """What the refusal names: `property A.B of AWS::X::Y`, or several with an or."""
    told = refused.message.partition("does not mirror property ")[2].partition(" of ")[0]
    return [path for path in told.split(" or ") if path]


def _taken_out(value: Any, path: list[str]) -> bool:
    """Whether there was something at the path, from here or from anywhere below, which is gone now."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, dict) and path[0] in value:
        if path[1:]:
            return _taken_out(value[path[0]], path[1:])
        del value[path[0]]
        return True
    return sum(_taken_out(each, path) for each in below) > 0  # of every item


def _sample(root: Any, node: Any, depth: int) -> Any:
    """A value with everything that the schema knows of."""
    node = schemas.resolved(root, node)
    choices = list(schemas.alternatives(root, node))
    known = {key: value for one in [*choices, node] for key, value in one.get("properties", {}).items()}
    kinds = node.get("type", next((one["type"] for one in choices if "type" in one), "object" if known else "string"))
    kind = kinds if isinstance(kinds, str) else next(iter(kinds))
    if "enum" in node:
        return node["enum"][0]
    if known or kind == "object":
        return {key: _sample(root, value, depth + 1) for key, value in known.items()} if depth < DEPTH_AT_MOST else {}
    if kind == "array":
        return [_sample(root, node.get("items", {}), depth + 1)] if depth < DEPTH_AT_MOST else []
    return {"integer": 1, "number": 1, "boolean": True}.get(kind, "1")


class _Asked(Context):
    """A context whose clients reach no service."""

    def client(self, service: str) -> Any:
        return _Answering(clients.client(service, self.account, self.region))


class _Answering:
    """A client that answers every call by the shape of its output."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.meta, self.exceptions = client.meta, client.exceptions

    def __getattr__(self, name: str) -> Any:
        operation = self.meta.method_to_api_mapping[name]
        shape = self.meta.service_model.operation_model(operation).output_shape
        return lambda **_: _answer(shape, 0) if shape is not None else {}

    def get_paginator(self, name: str) -> Any:
        """One page of it."""
        page = getattr(self, name)()
        return type("Pages", (), {"paginate": lambda _, **__: [page]})()


def _answer(shape: Any, depth: int) -> Any:
    match shape.type_name:
        case "structure":
            members = shape.members.items() if depth < DEPTH_AT_MOST else ()
            return {name: _answer(member, depth + 1) for name, member in members}
        case "list":
            return [_answer(shape.member, depth + 1)] if depth < DEPTH_AT_MOST else []
        case "map":
            return {}
        case "boolean":
            return True
        case "integer" | "long" | "float" | "double":
            return 1
        case _:
            return "1"
