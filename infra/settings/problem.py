"""What is wrong with a settings file, and where."""

from __future__ import annotations

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
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def shown(value: object, limit: int = 80) -> str:
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
            text = repr(value)
        case _:
            text = str(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
