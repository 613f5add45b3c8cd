"""What a service's own model refuses in a request: missing members, enums, lengths, ranges, patterns.

botocore sends these along in its service models but checks only a few of them on the client's side, and
moto checks hardly any; AWS checks all, and answers with every violation in one message.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def refusal(shape: Any, parameters: Mapping[str, Any]) -> str | None:
    """The message AWS refuses these parameters with, or None if they satisfy the operation's input shape."""
    found = list(_structure(shape, parameters, ""))
    if not found:
        return None
    errors = "error" if len(found) == 1 else "errors"
    return f"{len(found)} validation {errors} detected: {'; '.join(found)}"


def _structure(shape: Any, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, item in value.items():
        if item is not None and name in shape.members:
            yield from _value(shape.members[name], item, _join(path, name))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _value(shape: Any, value: Any, path: str) -> Iterator[str]:
    facts = shape.metadata
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            yield from _structure(shape, value, path)
        case "list" if isinstance(value, list):
            yield from _size(facts, len(value), path, "length")
            for number, item in enumerate(value, 1):
                yield from _value(shape.member, item, f"{path}.{number}.member")
        case "map" if isinstance(value, dict):
            yield from _size(facts, len(value), path, "length")
            for key, item in value.items():
                yield from _value(shape.value, item, f"{path}.{key}.member")
        case "string" if isinstance(value, str):
            yield from _string(facts, value, path)
        case "integer" | "long" | "double" | "float" if isinstance(value, int | float):
            yield from _size(facts, value, path, "value")


def _string(facts: Mapping[str, Any], value: str, path: str) -> Iterator[str]:
    allowed = facts.get("enum")
    if allowed and value not in allowed:
        yield f"Value at '{path}' failed to satisfy constraint: Member must satisfy enum value set: {sorted(allowed)}"
    yield from _size(facts, len(value), path, "length")
    pattern = _pattern(facts.get("pattern"))
    if pattern and not pattern.fullmatch(value):
        yield (
            f"Value at '{path}' failed to satisfy constraint: Member must satisfy regular expression pattern: "
            + (facts["pattern"])
        )


def _size(facts: Mapping[str, Any], size: float, path: str, word: str) -> Iterator[str]:
    least, most = facts.get("min"), facts.get("max")
    must = f"Value at '{path}' failed to satisfy constraint: Member must have {word}"
    if least is not None and size < float(least):
        yield f"{must} greater than or equal to {least}"
    if most is not None and size > float(most):
        yield f"{must} less than or equal to {most}"


@cache
def _pattern(text: str | None) -> re.Pattern[str] | None:
    if text is None:
        return None
    try:
        return re.compile(text, re.DOTALL)
    except re.error:  # Java's dialect knows classes such as \p{L} that Python's does not
        return None
