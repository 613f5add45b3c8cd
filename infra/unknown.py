"""Unknown: a value that no reader could determine, with the reason; it never compares equal to a known one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """A value that the reader could not determine, and why."""

    why: str

    def __str__(self) -> str:
        return f"unknown ({self.why})"


Maybe: TypeAlias = T | Unknown
"""A value that may be Unknown; mypy makes every reader of it meet that case."""


def any_of(parts: Iterable[Maybe[bool]]) -> Maybe[bool]:
    """Whether one holds: one that does settles it, whatever the unknown ones are; later ones are not looked at."""
    return _settled(parts, decisive=True)


def all_of(parts: Iterable[Maybe[bool]]) -> Maybe[bool]:
    """Whether all hold: one that does not settles it, whatever the unknown ones are; later ones are not looked at."""
    return _settled(parts, decisive=False)


def _settled(parts: Iterable[Maybe[bool]], *, decisive: bool) -> Maybe[bool]:
    doubt: Unknown | None = None
    for part in parts:
        if part is decisive:
            return decisive
        if isinstance(part, Unknown):
            doubt = doubt or part
    return doubt or (not decisive)
