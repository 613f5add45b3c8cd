"""The pages that people read, and what is in them: code blocks, commands, links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(
    sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
)
FENCE = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Page:
    """One Markdown page."""

    path: Path

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without its code blocks."""
        return FENCE.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """The code blocks of a language, without the indentation of a list."""
        return [
            "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
            for indent, name, body in FENCE.findall(self.text)
            if name == language
        ]

    def commands(self) -> Iterator[str]:
        """What a reader is told to type: lines of console blocks after `$ `, and the steps of CI snippets."""
        for block in self.blocks("console"):
            yield from (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ "))
        for block in self.blocks("yaml"):
            yield from re.findall(r"(?:- |run: )((?:sallyport|cdk|make) .*)$", block, re.MULTILINE)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`page`: each page in turn."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", [Page(path) for path in PAGES], ids=str)
