"""What is wrong with a settings file, and where."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Key = tuple[str | int, ...]
"""A place in a settings file: `("models", 1, "routing")`."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (or, as a warning, dangerous) in a settings file."""

    file: str
    line: int
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class SettingsError(Exception):
    """A settings file that cannot be used, with everything that is wrong with it."""

    def __init__(self, errors: Iterable[Problem]) -> None:
        self.errors: tuple[Problem, ...] = tuple(sorted(set(errors), key=lambda e: (e.file, e.line, e.message)))
        super().__init__("\n".join(str(error) for error in self.errors))


def spelled(key: Key) -> str:
    """A key as a reader would write it: `models[1].routing`."""
    text = ""
    for part in key:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            word = part if part.isprintable() and 0 < len(part) <= 64 else shown(part, 64)
            text += f".{word}" if text else word
    return text


def shown(value: object, limit: int = 100) -> str:
    """A value as the file has it, on one line and not longer than a message bears."""
    match value:
        case None:
            text = "empty"
        case bool():
            text = "true" if value else "false"
        case tuple():
            text = f"a list of {len(value)}" if len(value) != 1 else "a list of one"
        case dict():
            text = "a mapping"
        case str():
            text = repr(value if len(value) <= limit else f"{value[: limit - 1]}…")
        case _:
            text = str(value)
    return text if len(text) <= limit + 8 else f"{text[: limit - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)
