"""The page has no command that nothing runs."""

from __future__ import annotations

from pathlib import Path

from tests.cli.operations.page import commands, sections


def test_no_section_has_commands_that_nothing_runs() -> None:
    sources = [path.read_text() for path in sorted(Path(__file__).parent.glob("*.py"))]
    for title in sections():
        assert commands(title)
        asked = (f'commands("{title}")', f'TITLE = "{title}"')
        assert any(each in source for source in sources for each in asked), title
