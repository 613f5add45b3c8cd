"""Which events an EventBridge pattern matches.

Source: EventBridge guide, "Creating event patterns", "Comparison operators for use in event patterns",
read 2026-11-24.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from infra.unknown import Maybe, Unknown, all_of, any_of

_ABSENT = object()


def matches(pattern: Any, event: Mapping[str, Any]) -> Maybe[bool]:
    """Whether the pattern, as JSON, matches the event; Unknown if something in it is, or is an operator not known."""
    if isinstance(pattern, Unknown):
        return pattern
    if not isinstance(pattern, Mapping):
        return Unknown("the pattern is no object")
    return all_of(_key(name, wanted, event) for name, wanted in pattern.items())


def _key(name: str, wanted: Any, event: Mapping[str, Any]) -> Maybe[bool]:
    if name == "$or" and isinstance(wanted, tuple | list):
        return any_of(matches(each, event) for each in wanted)
    value = event.get(name, _ABSENT)
    if isinstance(wanted, Mapping):
        return matches(wanted, value if isinstance(value, Mapping) else {})
    if isinstance(wanted, tuple | list):
        values = value if isinstance(value, list | tuple) else [value]
        return any_of(_matcher(matcher, each) for matcher in wanted for each in values)
    return wanted if isinstance(wanted, Unknown) else Unknown(f"pattern of {name} is no list")


def _matcher(matcher: Any, value: Any) -> Maybe[bool]:
    if isinstance(matcher, Unknown):
        return matcher
    if not isinstance(matcher, Mapping):
        return value is not _ABSENT and type(matcher) is type(value) and bool(matcher == value)
    return all_of(_operator(name, operand, value) for name, operand in matcher.items())


def _operator(name: str, operand: Any, value: Any) -> Maybe[bool]:
    if isinstance(operand, Unknown):
        return operand
    if name == "exists":
        return (value is not _ABSENT) == bool(operand)
    if value is _ABSENT:
        return False
    if name == "anything-but":
        excluded = _excluded(operand, value)
        return excluded if isinstance(excluded, Unknown) else not excluded
    test = _TESTS.get(name)
    if test is None:
        return Unknown(f"event pattern operator {name} is not judged here")
    if isinstance(operand, Mapping):
        folded = operand.get("equals-ignore-case")
        return test(str(folded).lower(), str(value).lower()) if folded else Unknown(f"operand of {name}")
    return test(str(operand), str(value))


def _excluded(operand: Any, value: Any) -> Maybe[bool]:
    if isinstance(operand, Mapping):
        return any_of(
            _operator(name, each, value)
            for name, operands in operand.items()
            for each in (operands if isinstance(operands, tuple | list) else [operands])
        )
    listed = operand if isinstance(operand, tuple | list) else [operand]
    return any_of(_matcher(each, value) for each in listed)


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "prefix": lambda operand, value: value.startswith(operand),
    "suffix": lambda operand, value: value.endswith(operand),
    "equals-ignore-case": lambda operand, value: value.lower() == operand.lower(),
    "wildcard": lambda operand, value: fnmatchcase(value, operand.replace("[", "[[]").replace("?", "[?]")),
}
