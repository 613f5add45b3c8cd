"""docs/operations.md as its reader takes it: sections, the commands of one, and edits of a settings file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.cli.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def sections() -> list[str]:
    """The titles of the page's runbooks."""
    return re.findall(r"^## (.+)$", PAGE, re.MULTILINE)


def section(title: str) -> str:
    """The text of one runbook."""
    (text,) = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


def commands(title: str) -> list[str]:
    """What a runbook tells its reader to type."""
    return re.findall(r"^\$ (.+)$", section(title), re.MULTILINE)


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace texts in a file, each of which has to be there."""
    text = path.read_text()
    for old, new in changes:
        assert old in text, (path, old)
        text = text.replace(old, new)
    path.write_text(text)
