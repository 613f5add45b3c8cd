"""Which log events a metric filter counts: JSON patterns `{ ($.a = x) && … }`, and terms `ERROR -debug ?a ?b`.

Source: CloudWatch Logs user guide, "Filter pattern syntax for metric filters", read 2026-11-24. Patterns in square
brackets, for events divided by spaces, are not evaluated, nor are selectors into arrays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

_TERM = re.compile(r'([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|(\S+))')
_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>\(|\)|&&|\|\||!=|<=|>=|=|<|>)|(?P<text>"(?:[^"\\]|\\.)*"|%[^%]+%)|(?P<word>[^\s()=!<>&|]+))"""
)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
}
_NOTHING = object()

Test = Callable[[Mapping[str, Any]], bool]


class NotEvaluated(ValueError):
    """A pattern, or something in one, that is not evaluated here."""


def matches(pattern: str, message: str, event: Mapping[str, Any] | None) -> bool:
    """Whether the pattern matches a log event, given as text and, where it is one, as an object.

    Raises NotEvaluated for a pattern that this does not know.
    """
    text = pattern.strip()
    if not text.startswith("{"):
        return _terms(text)(message)
    return event is not None and _of_json(text)(event)


def as_object(message: str) -> Mapping[str, Any] | None:
    """The event as an object, if it is one."""
    if not message.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(message)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def selected(selector: str, event: Mapping[str, Any] | None) -> Any:
    """The value that a selector (`$.a.b`) finds in an event, or None."""
    found = _select(_names(selector), event or {})
    return None if found is _NOTHING else found


@cache
def _terms(pattern: str) -> Callable[[str], bool]:
    """All plain terms, none with a minus, and one of those with a question mark where there are any."""
    if pattern.startswith("["):
        raise NotEvaluated(pattern)
    terms: dict[str, list[re.Pattern[str]]] = {"": [], "-": [], "?": []}
    for sign, quoted, expression, word in _TERM.findall(pattern):
        literal = re.escape(quoted.replace('\\"', '"') or word)
        terms[sign].append(re.compile(expression or literal))

    def test(message: str) -> bool:
        def has(term: re.Pattern[str]) -> bool:
            return term.search(message) is not None

        some = not terms["?"] or any(map(has, terms["?"]))
        return some and all(map(has, terms[""])) and not any(map(has, terms["-"]))

    return test


@cache
def _of_json(pattern: str) -> Test:
    if not pattern.endswith("}"):
        raise NotEvaluated(pattern)
    inner, tokens, place = pattern[1:-1].strip(), [], 0
    while place < len(inner):
        match = _TOKEN.match(inner, place)
        if match is None:
            raise NotEvaluated(inner[place:])
        tokens.append(match["mark"] or match["text"] or match["word"])
        place = match.end()
    tokens.reverse()
    test = _either(tokens)
    if tokens:
        raise NotEvaluated(tokens[-1])
    return test


def _either(tokens: list[str]) -> Test:
    parts = [_both(tokens)]
    while tokens[-1:] == ["||"]:
        tokens.pop()
        parts.append(_both(tokens))
    return lambda event: any(part(event) for part in parts)


def _both(tokens: list[str]) -> Test:
    parts = [_one(tokens)]
    while tokens[-1:] == ["&&"]:
        tokens.pop()
        parts.append(_one(tokens))
    return lambda event: all(part(event) for part in parts)


def _one(tokens: list[str]) -> Test:
    first = _taken(tokens)
    if first != "(":
        return _comparison(_names(first), tokens)
    test = _either(tokens)
    if _taken(tokens) != ")":
        raise NotEvaluated("a parenthesis is not closed")
    return test


def _taken(tokens: list[str]) -> str:
    if not tokens:
        raise NotEvaluated("it ends too early")
    return tokens.pop()


def _comparison(names: tuple[str, ...], tokens: list[str]) -> Test:
    operator = _taken(tokens)
    if operator in ("IS", "NOT"):
        word = _taken(tokens)
        wanted: dict[str, Callable[[Any], bool]] = {
            "TRUE": lambda value: value is True,
            "FALSE": lambda value: value is False,
            "NULL": lambda value: value is None,
            "EXISTS": lambda value: value is _NOTHING,
        }
        if (word == "EXISTS") != (operator == "NOT") or word not in wanted:
            raise NotEvaluated(f"{operator} {word}")
        return lambda event: wanted[word](_select(names, event))
    value = _taken(tokens)
    if operator in ("=", "!="):
        equal, like = operator == "=", _like(value)

        def test(event: Mapping[str, Any]) -> bool:
            found = _select(names, event)
            return found is not _NOTHING and like(found) is equal

        return test
    if operator not in _ORDER or not _NUMBER.fullmatch(value):
        raise NotEvaluated(f"{operator} {value}")
    limit, compare = float(value), _ORDER[operator]

    def ordered(event: Mapping[str, Any]) -> bool:
        found = _select(names, event)
        return isinstance(found, int | float) and not isinstance(found, bool) and compare(found, limit)

    return ordered


@cache
def _names(selector: str) -> tuple[str, ...]:
    if not re.fullmatch(r"\$(\.[\w-]+)+", selector):
        raise NotEvaluated(selector)
    return tuple(selector.split(".")[1:])


def _select(names: tuple[str, ...], event: Any) -> Any:
    for name in names:
        if not isinstance(event, Mapping) or name not in event:
            return _NOTHING
        event = event[name]
    return event


def _like(wanted: str) -> Callable[[Any], bool]:
    """Equality with a value as it is written: `*` stands for anything, a number is a number, `%…%` an expression."""
    if wanted.startswith("%"):
        expression = re.compile(wanted.strip("%"))
        return lambda value: isinstance(value, str) and expression.search(value) is not None
    if _NUMBER.fullmatch(wanted):
        number = float(wanted)
        return lambda value: value == wanted if isinstance(value, str) else value == number
    text = wanted[1:-1].replace('\\"', '"') if wanted.startswith('"') else wanted
    pattern = re.compile(".*".join(map(re.escape, text.split("*"))), re.DOTALL)
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None
