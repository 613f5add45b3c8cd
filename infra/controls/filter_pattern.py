"""Which events a CloudWatch Logs metric filter of JSON counts: `{ ($.eventName = A) || ($.eventName = B*) }`.

Source: CloudWatch Logs guide, "Filter pattern syntax for metric filters: JSON", read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from infra.unknown import Maybe, Unknown, all_of, any_of

_TOKENS = re.compile(
    r"""\s*(?:(?P<mark>\{|\}|\(|\)|&&|\|\||!=|<=|>=|=|<|>)|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<word>[^\s(){}=!<>&|"]+))"""
)
_ABSENT = object()


class _Beyond(Exception):
    """Something of the pattern that is not judged here."""


def counts(pattern: str, event: Mapping[str, Any]) -> Maybe[bool]:
    """Whether the pattern matches the event; Unknown for a pattern that is not one of JSON."""
    try:
        return _Parser(_tokens(pattern), event).whole()
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
    """Reads tokens from the left and answers for one event as it goes."""

    def __init__(self, tokens: list[str], event: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self.event = event

    def whole(self) -> Maybe[bool]:
        self._expect("{")
        answer = self._either()
        self._expect("}")
        if self.tokens:
            raise _Beyond(f"{self.tokens[0]!r} comes after its end")
        return answer

    def _take(self) -> str:
        if not self.tokens:
            raise _Beyond("it ends too early")
        return self.tokens.pop(0)

    def _expect(self, token: str) -> None:
        if (found := self._take()) != token:
            raise _Beyond(f"{found!r} in place of {token!r}")

    def _either(self) -> Maybe[bool]:
        parts = [self._both()]
        while self.tokens[:1] == ["||"]:
            self._take()
            parts.append(self._both())
        return any_of(parts)

    def _both(self) -> Maybe[bool]:
        parts = [self._one()]
        while self.tokens[:1] == ["&&"]:
            self._take()
            parts.append(self._one())
        return all_of(parts)

    def _one(self) -> Maybe[bool]:
        first = self._take()
        if first != "(":
            return self._comparison(first)
        answer = self._either()
        self._expect(")")
        return answer

    def _comparison(self, selector: str) -> Maybe[bool]:
        value = _select(selector, self.event)
        match operator := self._take():
            case "=":
                return value is not _ABSENT and _like(self._take(), value)
            case "!=":
                wanted = self._take()
                return value is not _ABSENT and not _like(wanted, value)
            case "NOT":
                self._expect("EXISTS")
                return value is _ABSENT
            case "EXISTS":
                return value is not _ABSENT
            case _:
                raise _Beyond(f"operator {operator} is not judged here")


def _select(selector: str, event: Mapping[str, Any]) -> Any:
    if not re.fullmatch(r"\$(\.\w+)+", selector):
        raise _Beyond(f"selector {selector} is not judged here")
    value: Any = event
    for name in selector.split(".")[1:]:
        value = value.get(name, _ABSENT) if isinstance(value, Mapping) else _ABSENT
    return value


def _like(wanted: str, value: Any) -> bool:
    """Whether a value is as wanted, `*` at either end standing for anything."""
    pattern = ".*".join(map(re.escape, wanted.removeprefix('"').split("*")))
    return re.fullmatch(pattern, str(value), re.DOTALL) is not None
