"""Which events a CloudWatch Logs metric filter of JSON counts: `{ ($.eventName = A) || ($.eventName = B*) }`.

Source: CloudWatch Logs guide, "Filter pattern syntax for metric filters: JSON", read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from infra.unknown import Maybe, Unknown, all_of, any_of

_TOKENS = re.compile(
    r"""\s*(?:(?P<mark>\{|\}|\(|\)|&&|\|\||!=|<=|>=|=|<|>)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s(){}=!<>&|"]+))"""
)
_ABSENT = object()


class _Beyond(Exception):
    """Something of the pattern that is not judged here."""


Test = Callable[[Mapping[str, Any]], Maybe[bool]]


def counts(pattern: str, event: Mapping[str, Any]) -> Maybe[bool]:
    """Whether the pattern matches the event; Unknown for a pattern that is not one of JSON."""
    test = _compiled(pattern)
    return test if isinstance(test, Unknown) else test(event)


@cache
def _compiled(pattern: str) -> Test | Unknown:
    try:
        return _Parser(_tokens(pattern)).whole()
    except _Beyond as why:
        return Unknown(f"filter pattern {pattern!r}: {why}")


def _tokens(pattern: str) -> list[str]:
    """Marks and words; a quoted text keeps its opening quote, so that it is no mark and no keyword."""
    tokens, place, text = [], 0, pattern.strip()
    while place < len(text):
        match = _TOKENS.match(text, place)
        if match is None:
            raise _Beyond(f"{text[place:]!r} is not understood")
        tokens.append(match["mark"] or match["word"] or f'"{match["quoted"]}')
        place = match.end()
    return tokens


class _Parser:
    """Reads tokens from the left and makes a test of them."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def whole(self) -> Test:
        self._expect("{")
        test = self._either()
        self._expect("}")
        if self.tokens:
            raise _Beyond(f"{self.tokens[0]!r} comes after its end")
        return test

    def _take(self) -> str:
        if not self.tokens:
            raise _Beyond("it ends too early")
        return self.tokens.pop(0)

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise _Beyond(f"{found!r} in place of {token!r}")

    def _joined(self, mark: str, part: Callable[[], Test]) -> list[Test]:
        parts = [part()]
        while self.tokens[:1] == [mark]:
            self._take()
            parts.append(part())
        return parts

    def _either(self) -> Test:
        parts = self._joined("||", self._both)
        return lambda event: any_of(part(event) for part in parts)

    def _both(self) -> Test:
        parts = self._joined("&&", self._one)
        return lambda event: all_of(part(event) for part in parts)

    def _one(self) -> Test:
        first = self._take()
        if first != "(":
            return self._comparison(first)
        test = self._either()
        self._expect(")")
        return test

    def _comparison(self, selector: str) -> Test:
        names = _names(selector)
        match operator := self._take():
            case "=" | "!=":
                wanted, equal = _like(self._take()), operator == "="
                return lambda event: _compared(_select(names, event), wanted, equal=equal)
            case "NOT":
                self._expect("EXISTS")
                return lambda event: _select(names, event) is _ABSENT
            case "EXISTS":
                return lambda event: _select(names, event) is not _ABSENT
            case _:
                raise _Beyond(f"operator {operator} is not judged here")


def _names(selector: str) -> list[str]:
    if not re.fullmatch(r"\$(\.\w+)+", selector):
        raise _Beyond(f"selector {selector} is not judged here")
    return selector.split(".")[1:]


def _select(names: list[str], event: Mapping[str, Any]) -> Any:
    value: Any = event
    for name in names:
        value = value.get(name, _ABSENT) if isinstance(value, Mapping) else _ABSENT
    return value


def _like(wanted: str) -> re.Pattern[str]:
    """A value as a pattern, `*` standing for anything."""
    return re.compile(".*".join(map(re.escape, wanted.removeprefix('"').split("*"))), re.DOTALL)


def _compared(value: Any, wanted: re.Pattern[str], *, equal: bool) -> bool:
    """Whether a value is, or is not, as wanted; one that is not there is neither."""
    return value is not _ABSENT and (wanted.fullmatch(str(value)) is not None) is equal
