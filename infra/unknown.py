"""Unknown: a value that no reader could determine, with the reason; it never compares equal to a known one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Unknown:
    """A value that the reader could not determine, and why."""

    why: str

    def __str__(self) -> str:
        return f"unknown ({self.why})"


Maybe: TypeAlias = T | Unknown
"""A value that may be Unknown; mypy makes every reader of it meet that case."""
