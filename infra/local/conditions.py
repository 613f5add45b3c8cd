"""Conditions and patterns of policies, as the checks at creation and IAM's simulation read them."""

from __future__ import annotations

import operator as operators
import re
from datetime import UTC, datetime
from functools import cache, partial
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def listed(value: Any) -> list[Any]:
    """What an element says, a single entry too, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def filled(text: str, context: Mapping[str, str]) -> str | None:
    """The text with its policy variables filled in; None where the request has no such key, and nothing matches.

    Source: IAM guide, "Policy variables", read 2026-11-24.
    """
    keys = re.findall(r"\$\{([^}$*?]+)\}", text)
    if any(key.lower() not in context for key in keys):
        return None
    return re.sub(r"\$\{([^}$*?]+)\}", lambda found: context[found[1].lower()], text)


def glob(pattern: str, text: str, ignore_case: bool = False) -> bool:
    """Whether a text is of a pattern of `*` and `?`."""
    return _compiled(pattern, ignore_case).fullmatch(text) is not None


@cache
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str], *, unknown: bool) -> bool:
    """Whether every condition is met; `unknown` is what one that is not understood comes to."""
    return all(
        unknown if met is None else met
        for operator, keys in conditions.items()
        for key, values in keys.items()
        for met in [_condition(operator, context.get(key.lower()), _wanted(values, context))]
    )


def _wanted(values: Any, context: Mapping[str, str]) -> list[str]:
    said = (filled(str(value).lower() if isinstance(value, bool) else str(value), context) for value in listed(values))
    return [value for value in said if value is not None]


def _condition(operator: str, value: str | None, wanted: list[str]) -> bool | None:
    """Whether one condition is met; None where this cannot tell."""
    if operator == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    # Every key here has one value, of which all and any say the same; of none, all is true.
    quantifier, _, name = operator.rpartition(":")
    name = name.removesuffix("IfExists")
    negated = "Not" in name
    match name.replace("Not", ""):
        case "StringEquals":
            matches = _equal
        case "StringEqualsIgnoreCase" | "Bool":
            matches = _equal_ignoring_case
        case "StringLike" | "ArnLike" | "ArnEquals":
            matches = _alike
        case "IpAddress":
            matches = _within
        case plain if ordered := _ORDERED.fullmatch(plain):
            matches = partial(_compares, _READ[ordered[1]], _COMPARISONS[ordered[2]])
        case _:
            return None
    if value is None:
        return negated or operator.endswith("IfExists") or quantifier == "ForAllValues"
    try:
        return any(matches(value, text) for text in wanted) != negated
    except (ValueError, OverflowError):
        return None


def _equal(value: str, text: str) -> bool:
    return value == text


def _equal_ignoring_case(value: str, text: str) -> bool:
    return value.lower() == text.lower()


def _alike(value: str, text: str) -> bool:
    return glob(text, value)


def _within(value: str, text: str) -> bool:
    return ip_address(value) in ip_network(text, strict=False)


def _compares(read: Callable[[str], float], compare: Callable[[float, float], bool], value: str, text: str) -> bool:
    return compare(read(value), read(text))


def _moment(text: str) -> float:
    """Seconds since the epoch, of a date as ISO 8601 writes it or of the number itself."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


_READ: dict[str, Callable[[str], float]] = {"Date": _moment, "Numeric": float}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": operators.eq,
    "GreaterThan": operators.gt,
    "GreaterThanEquals": operators.ge,
    "LessThan": operators.lt,
    "LessThanEquals": operators.le,
}
_ORDERED = re.compile(f"({'|'.join(_READ)})({'|'.join(_COMPARISONS)})")
