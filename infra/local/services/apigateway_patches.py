"""API Gateway: what patch operations make of what is told of an API, a deployment or a stage.

Sources: botocore 1.44.5's service model; the API Gateway API reference and its "Patch operations", read 2026-11-24.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

Told = dict[str, Any]
_METHOD_SETTINGS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "logging/loglevel": ("loggingLevel", str),
    "logging/dataTrace": ("dataTraceEnabled", lambda text: text == "true"),
    "metrics/enabled": ("metricsEnabled", lambda text: text == "true"),
    "throttling/burstLimit": ("throttlingBurstLimit", int),
    "throttling/rateLimit": ("throttlingRateLimit", float),
    "caching/enabled": ("cachingEnabled", lambda text: text == "true"),
    "caching/ttlInSeconds": ("cacheTtlInSeconds", int),
    "caching/dataEncrypted": ("cacheDataEncrypted", lambda text: text == "true"),
}
_FLAGS = ("disableExecuteApiEndpoint", "tracingEnabled", "cacheClusterEnabled")


def without_place(wanted: Mapping[str, Any]) -> Told:
    """A request's members without those that say where."""
    return {name: value for name, value in wanted.items() if name not in ("restApiId", "resourceId", "httpMethod")}


def patched(
    told: Mapping[str, Any], operations: Iterable[Mapping[str, str]], known: set[str], *, settings: bool = False
) -> Told:
    """What is told with the operations done; of `known` members alone, and of a stage's settings of methods."""
    result: Told = json.loads(json.dumps(told, default=str)) | {k: v for k, v in told.items() if k.endswith("Date")}
    for operation in operations:
        try:
            _done(result, operation, known, settings=settings)
        except ValueError as error:  # no number where one belongs
            message = f"Invalid patch value specified {operation.get('value', '')} for path {operation['path']}"
            raise Refused("BadRequestException", message) from error
    return result


def _done(result: Told, operation: Mapping[str, str], known: set[str], *, settings: bool) -> None:
    steps = operation["path"].removeprefix("/").split("/")
    op, value = operation["op"], operation.get("value", "")
    if steps[0] in known:
        _patch(result, op, [step.replace("~1", "/").replace("~0", "~") for step in steps], value)
    elif settings and len(steps) == 4 and f"{steps[2]}/{steps[3]}" in _METHOD_SETTINGS:
        name, convert = _METHOD_SETTINGS[f"{steps[2]}/{steps[3]}"]
        of_method = result.setdefault("methodSettings", {}).setdefault(f"{steps[0]}/{steps[1]}", {})
        of_method[name] = convert(value)
    elif settings and len(steps) == 2 and op == "remove":
        result.get("methodSettings", {}).pop("/".join(steps), None)
    else:
        raise Refused("BadRequestException", f"Invalid patch path {operation['path']}")


def _patch(holder: Told, op: str, steps: list[str], value: str) -> None:
    name, *rest = steps
    if name == "binaryMediaTypes" or (steps[:2] == ["endpointConfiguration", "vpcEndpointIds"]):
        if rest and name != "binaryMediaTypes":
            holder, name, rest = holder.setdefault(name, {}), rest[0], rest[1:]
        item = rest[0] if rest else value
        items = [each for each in holder.pop(name, []) if each != item] + ([item] if op != "remove" else [])
        if items:
            holder[name] = items
    elif steps[:2] == ["endpointConfiguration", "types"]:
        holder[name]["types"] = [value]
    elif rest:
        _patch(holder.setdefault(name, {}), op, rest, value)
    elif op == "remove":
        holder.pop(name, None)
    else:
        holder[name] = value == "true" if name in _FLAGS else int(value) if name == "minimumCompressionSize" else value
