"""CloudFormation's names and the service API's names for the same thing, converted both ways by their schemas.

Most properties differ from the API's members in letter case alone (`KmsKeyId` and `kmsKeyId`), so the
botocore model of an operation and the CloudFormation schema of a type are all that is needed; a type
states its renames and nothing else. A property that finds no member is `Unsupported`: nothing is dropped.
"""

from __future__ import annotations

import importlib.util
import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def to_api(
    client: Any,
    operation: str,
    properties: Mapping[str, Any],
    *,
    rename: Mapping[str, str] | None = None,
    omit: Iterable[str] = (),
    **extra: Any,
) -> dict[str, Any]:
    """The operation's arguments for these properties.

    `operation` is the boto3 method name; `rename` maps a property (top level, or a dotted path such as
    `Rules.Action`) to the API's member; `omit` names properties that another call carries; `extra` arguments
    are passed as they are. Raises Unsupported for a property that the operation has no member for.
    """
    shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
    left_out = set(omit)
    arguments = {k: v for k, v in properties.items() if k not in left_out}
    return {**_structure(shape, arguments, rename or {}, ""), **extra}


def _structure(shape: Any, value: Mapping[str, Any], rename: Mapping[str, str], path: str) -> dict[str, Any]:
    members = {name.lower(): name for name in shape.members}
    converted: dict[str, Any] = {}
    for key, item in value.items():
        where = f"{path}.{key}" if path else key
        member = rename.get(where) or members.get(key.lower())
        if member is None or member not in shape.members:
            raise Unsupported(f"property {where}")
        converted[member] = _value(shape.members[member], item, rename, where)
    return converted


def _value(shape: Any, value: Any, rename: Mapping[str, str], path: str) -> Any:
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            return _structure(shape, value, rename, path)
        case "list" if isinstance(value, list):
            return [_value(shape.member, item, rename, path) for item in value]
        case "map" if isinstance(value, dict):
            return {key: _value(shape.value, item, rename, path) for key, item in value.items()}
        case "integer" | "long" if isinstance(value, str):
            return int(value)
        case "double" | "float" if isinstance(value, str):
            return float(value)
        case "boolean" if isinstance(value, str):
            return {"true": True, "false": False}[value.lower()]
        case "string" if isinstance(value, dict):
            return json.dumps(value, separators=(",", ":"))
        case "string" if isinstance(value, bool):
            return str(value).lower()
        case "string" if isinstance(value, int | float):
            return str(value)
        case _:
            return value


@cache
def schema(type_name: str, region: str) -> dict[str, Any]:
    """The CloudFormation schema of a type in a region, from cfn-lint's data; KeyError if the region lacks the type."""
    data = _data()
    digest = _index(data, region)[type_name]
    loaded: dict[str, Any] = json.loads((data / "resources" / f"{digest}.json").read_text())
    return loaded


@cache
def _data() -> Path:
    """The folder of cfn-lint's schemas, found without importing cfn-lint, which takes a second."""
    found = importlib.util.find_spec("cfnlint")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "data" / "schemas"


@cache
def _index(data: Path, region: str) -> dict[str, str]:
    loaded: dict[str, str] = json.loads((data / "providers" / f"{region}.json").read_text())
    return loaded


def from_api(
    type_name: str,
    region: str,
    answer: Mapping[str, Any],
    *,
    rename: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The service's answer in CloudFormation's names, by the type's schema; members the schema lacks are left out.

    `rename` maps an API member (dotted path, in the API's or in small letters) to the property; everything else
    matches by letter case.
    """
    root = schema(type_name, region)
    converted = _object(root, root, answer, rename or {}, "")
    return {key: value for key, value in converted.items() if value is not None}


def _resolve(root: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in node:
        target: Any = root
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _object(
    root: Mapping[str, Any], node: Mapping[str, Any], value: Mapping[str, Any], rename: Mapping[str, str], path: str
) -> dict[str, Any]:
    known = _properties(root, node)
    by_case = {name.lower(): name for name in known}
    converted: dict[str, Any] = {}
    for key, item in value.items():
        where = f"{path}.{key}" if path else key
        name = rename.get(where) or rename.get(where.lower()) or by_case.get(key.lower())
        if name in known:
            converted[name] = _from(root, _resolve(root, known[name]), item, rename, where)
    return converted


def _properties(root: Mapping[str, Any], node: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(node.get("properties", {}))
    for choice in (*node.get("oneOf", ()), *node.get("anyOf", ()), *node.get("allOf", ())):
        found = {**_resolve(root, choice).get("properties", {}), **found}
    return found


def _from(root: Mapping[str, Any], node: Mapping[str, Any], value: Any, rename: Mapping[str, str], path: str) -> Any:
    if isinstance(value, dict) and _properties(root, node):
        return _object(root, node, value, rename, path)
    if isinstance(value, list) and "items" in node:
        items = _resolve(root, node["items"])
        return [_from(root, items, item, rename, path) for item in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value


def as_json(document: Any) -> Any:
    """A policy that an API returns as text, as the JSON that a template holds."""
    return json.loads(document) if isinstance(document, str) else document


def tag_list(properties: Mapping[str, Any], stack_tags: Mapping[str, str]) -> list[dict[str, str]]:
    """The tags a resource ends up with: the stack's, overridden by its own, as a sorted list of Key and Value."""
    own = properties.get("Tags") or []
    if isinstance(own, dict):
        own = [{"Key": k, "Value": v} for k, v in own.items()]
    merged = {**stack_tags, **{tag["Key"]: tag["Value"] for tag in own}}
    return [{"Key": key, "Value": merged[key]} for key in sorted(merged)]
