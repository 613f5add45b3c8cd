"""The layout DESIGN promises is there."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "name",
    ["infra", "stacks", "scripts", "tests", "enclaves", "pyproject.toml", "requirements.txt", "package-lock.json"],
)
def test_top_level(name: str) -> None:
    assert (ROOT / name).exists()
