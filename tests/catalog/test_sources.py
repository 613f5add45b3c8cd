"""Every entry of the catalogue says where it was read and when."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from infra import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(catalog.__file__).parent / "data"
FILES = sorted(DATA.rglob("*.yaml"))
MUST_HAVE_THEIR_OWN = {"models", "profiles", "topics", "authorities", "lacks"}
"""Lists whose entries stand each for a fact of its own."""


def entries(value: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every mapping in a file, where it is, and whether it must carry a source of its own."""
    if isinstance(value, dict):
        yield where or "the file", value, not where
        for key, inner in value.items():
            for at, entry, own in entries(inner, f"{where}.{key}" if where else key):
                yield at, entry, own or (key in MUST_HAVE_THEIR_OWN and at.count("[") == 1 and at.endswith("]"))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from entries(inner, f"{where}[{index}]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DATA)))
def test_each_entry_has_a_source_and_a_date(path: Path) -> None:
    content = yaml.safe_load(path.read_text())
    for where, entry, must in entries(content):
        if not must and not {"source", "read"} & set(entry):
            continue
        assert isinstance(entry.get("source"), str), where
        assert len(entry["source"]) > 10, where
        assert isinstance(entry.get("read"), date), where
        assert date(2026, 1, 1) <= entry["read"], where


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DATA)))
def test_no_line_is_too_long_to_review(path: Path) -> None:
    assert max(len(line) for line in path.read_text().splitlines()) <= 120


def test_a_source_reads_as_the_house_writes_it() -> None:
    assert str(catalog.nist("AC-2").source).endswith(", read 2026-11-24")
