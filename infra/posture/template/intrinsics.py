"""CloudFormation's intrinsic functions: what they give where that is known, Unknown where it is not.

Source: CloudFormation User Guide, "Intrinsic function reference", "Condition functions" and "Pseudo parameters
reference", read 2026-11-24.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any, Protocol

from infra.posture.values import Unknown

Json = Any
"""A JSON value in which an Unknown may stand anywhere."""


class Scope(Protocol):
    """What the functions ask about the template they stand in, and about the other templates."""

    def value(self, expression: Json) -> Json: ...
    def reference(self, name: str) -> Json: ...
    def attribute(self, logical_id: str, attribute: str) -> Json: ...
    def condition(self, name: str) -> bool | Unknown: ...
    def exported(self, name: str) -> Json: ...
    def output(self, stack: str, region: str | None, name: str) -> Json: ...
    def mapping(self, name: str) -> Json: ...


class _NoValue:
    """`AWS::NoValue`: takes the property that holds it away."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE = _NoValue()
Function = Callable[[Scope, Json], Json]


def _known(scope: Scope, argument: Json, *shape: type) -> list[Json] | Unknown:
    """The arguments resolved, or the reason why they cannot be used."""
    listed = scope.value(argument)
    if isinstance(listed, Unknown):
        return listed
    if not isinstance(listed, list) or len(listed) != len(shape):
        return Unknown(f"expected {len(shape)} arguments, got {listed!r}")
    for value, expected in zip(listed, shape, strict=True):
        if isinstance(value, Unknown):
            return value
        if not isinstance(value, expected):
            return Unknown(f"expected {expected.__name__}, got {value!r}")
    return listed


def _unknown_in(values: list[Json]) -> Unknown | None:
    return next((each for each in values if isinstance(each, Unknown)), None)


def text(value: Json) -> str | Unknown:
    """A scalar as CloudFormation writes it into a string."""
    match value:
        case bool():
            return str(value).lower()
        case str() | Unknown():
            return value
        case int() | float():
            return str(value)
        case _:
            return Unknown(f"expected text, got {type(value).__name__}")


def _ref(scope: Scope, argument: Json) -> Json:
    return scope.reference(argument) if isinstance(argument, str) else Unknown("Ref of something that is no name")


def _get_att(scope: Scope, argument: Json) -> Json:
    parts = argument.split(".", 1) if isinstance(argument, str) else scope.value(argument)
    if not isinstance(parts, list) or len(parts) < 2 or not all(isinstance(part, str) for part in parts):
        return Unknown("Fn::GetAtt without a logical id and an attribute")
    return scope.attribute(parts[0], ".".join(parts[1:]))


def _join(scope: Scope, argument: Json) -> Json:
    known = _known(scope, argument, str, list)
    if isinstance(known, Unknown):
        return known
    parts = [text(each) for each in known[1]]
    return _unknown_in(parts) or known[0].join(str(part) for part in parts)


def _sub(scope: Scope, argument: Json) -> Json:
    template, names = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(template, str) or not isinstance(names, Mapping):
        return Unknown("Fn::Sub without a text")
    failed: list[Unknown] = []

    def filled(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in names:
            value = scope.value(names[name])
        elif "." in name:
            value = scope.attribute(*name.split(".", 1))
        else:
            value = scope.reference(name)
        written = text(value)
        if isinstance(written, Unknown):
            failed.append(written)
        return str(written)

    result = re.sub(r"\$\{([^}]+)\}", filled, template)
    return failed[0] if failed else result


def _split(scope: Scope, argument: Json) -> Json:
    known = _known(scope, argument, str, str)
    return known if isinstance(known, Unknown) else known[1].split(known[0])


def _select(scope: Scope, argument: Json) -> Json:
    if not isinstance(argument, list) or len(argument) != 2:
        return Unknown("Fn::Select without an index and a list")
    index, choices = text(scope.value(argument[0])), scope.value(argument[1])
    if isinstance(index, Unknown) or isinstance(choices, Unknown):
        return index if isinstance(index, Unknown) else choices
    if not isinstance(choices, list) or not index.isdigit() or int(index) >= len(choices):
        return Unknown(f"Fn::Select of {index} finds nothing")
    return choices[int(index)]


def _if(scope: Scope, argument: Json) -> Json:
    if not isinstance(argument, list) or len(argument) != 3:
        return Unknown("Fn::If without a condition and two values")
    decided = scope.condition(argument[0]) if isinstance(argument[0], str) else boolean(scope, argument[0])
    if isinstance(decided, Unknown):
        either = [scope.value(each) for each in argument[1:]]
        return either[0] if either[0] == either[1] else decided
    return scope.value(argument[1] if decided else argument[2])


def _find_in_map(scope: Scope, argument: Json) -> Json:
    if not isinstance(argument, list) or len(argument) < 3:
        return Unknown("Fn::FindInMap without a map and two keys")
    keys = [text(scope.value(each)) for each in argument[:3]]
    if failed := _unknown_in(keys):
        return failed
    found: Json = scope.mapping(str(keys[0]))
    for key in map(str, keys[1:]):
        if not isinstance(found, Mapping) or key not in found:
            default = (
                argument[3].get("DefaultValue") if len(argument) > 3 and isinstance(argument[3], Mapping) else None
            )
            return Unknown(f"map {keys[0]} has no {key}") if default is None else scope.value(default)
        found = found[key]
    return scope.value(found)


def _import_value(scope: Scope, argument: Json) -> Json:
    name = text(scope.value(argument))
    return name if isinstance(name, Unknown) else scope.exported(name)


def _stack_output(scope: Scope, argument: Json) -> Json:
    values = scope.value(argument)
    if not isinstance(values, Mapping):
        return Unknown("Fn::GetStackOutput without a stack and an output")
    stack, name, region = (values.get(key) for key in ("StackName", "OutputName", "Region"))
    if not isinstance(stack, str) or not isinstance(name, str):
        return Unknown("Fn::GetStackOutput whose stack or output is not known")
    return scope.output(stack.rsplit("/", 2)[-2] if stack.startswith("arn:") else stack, region, name)


def _cidr(scope: Scope, argument: Json) -> Json:
    values = scope.value(argument)
    if isinstance(values, Unknown):
        return values
    try:
        block, count, *bits = values
        network = ip_network(block)
        host_bits = int(bits[0]) if bits else 8
        subnets = network.subnets(new_prefix=network.max_prefixlen - host_bits)
        return [str(subnet) for subnet, _ in zip(subnets, range(int(count)), strict=False)]
    except (TypeError, ValueError) as error:
        return Unknown(f"Fn::Cidr of {values!r}: {error}")


def _base64(scope: Scope, argument: Json) -> Json:
    value = text(scope.value(argument))
    return value if isinstance(value, Unknown) else base64.b64encode(value.encode()).decode()


def _length(scope: Scope, argument: Json) -> Json:
    value = scope.value(argument)
    return len(value) if isinstance(value, list) else Unknown("Fn::Length of something that is no list")


def _to_json(scope: Scope, argument: Json) -> Json:
    value = scope.value(argument)
    try:
        return json.dumps(value, separators=(",", ":"))
    except TypeError:
        return Unknown("Fn::ToJsonString of something that is not known")


def _zones(scope: Scope, argument: Json) -> Json:
    return Unknown("the zones of an account are not in a template")


# Condition functions ------------------------------------------------------------------------------------------


def boolean(scope: Scope, expression: Json) -> bool | Unknown:
    """What a condition decides; Unknown only if the unknown part matters."""
    match expression:
        case {"Fn::Equals": [left, right]}:
            pair = [scope.value(left), scope.value(right)]
            return _unknown_in(pair) or bool(text(pair[0]) == text(pair[1]))
        case {"Fn::Not": [inner]}:
            decided = boolean(scope, inner)
            return decided if isinstance(decided, Unknown) else not decided
        case {"Fn::And": list(parts)}:
            return _all([boolean(scope, part) for part in parts], decisive=False)
        case {"Fn::Or": list(parts)}:
            return _all([boolean(scope, part) for part in parts], decisive=True)
        case {"Condition": str(name)}:
            return scope.condition(name)
        case bool():
            return expression
        case "true" | "false":
            return bool(expression == "true")
        case _:
            return Unknown(f"condition {expression!r} is not understood")


def _all(parts: list[bool | Unknown], *, decisive: bool) -> bool | Unknown:
    """One `decisive` part settles it whatever the others are."""
    if decisive in [part for part in parts if isinstance(part, bool)]:
        return decisive
    return next((part for part in parts if isinstance(part, Unknown)), not decisive)


def _condition_value(scope: Scope, argument: Json, name: str) -> Json:
    return boolean(scope, {name: argument})


FUNCTIONS: Mapping[str, Function] = {
    "Ref": _ref,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _zones,
    "Fn::GetAtt": _get_att,
    "Fn::GetStackOutput": _stack_output,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _to_json,
    **{
        name: lambda scope, argument, name=name: _condition_value(scope, argument, name)  # type: ignore[misc]  # mypy infers no type for a lambda with a default
        for name in ("Fn::And", "Fn::Equals", "Fn::Not", "Fn::Or")
    },
}
