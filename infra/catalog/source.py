"""Where a fact of the catalogue comes from, and how its data files are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from datetime import date

DATA = Path(__file__).parent / "data"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, and on which day."""

    text: str
    read: date

    def __str__(self) -> str:
        return f"{self.text}, read {self.read.isoformat()}"


@cache
def data(name: str) -> dict[str, Any]:
    """One data file as plain values, read once per process; callers turn it into frozen values at once."""
    content = yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=_LOADER)
    if not isinstance(content, dict):
        raise TypeError(f"infra/catalog/data/{name} holds {type(content).__name__}; it must be a mapping")
    return content


def names(folder: str) -> tuple[str, ...]:
    """The data files of a folder, sorted, without their ending: a new entry is a new file."""
    return tuple(sorted(path.stem for path in (DATA / folder).glob("*.yaml")))


def source(entry: dict[str, Any]) -> Source:
    """The entry's own source."""
    return Source(text=str(entry["source"]), read=entry["read"])
