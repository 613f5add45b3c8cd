"""Commands that do not synthesise, against importing pydantic, typer and rich."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Ratio, in_turn, process, python

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 7
BOUND = 4.0
COMMANDS = ("--help", "validate", "validate --help", "new --help", "check --help", "verify --help", "up --help")


def ratios(root: Path) -> Iterator[Ratio]:
    """One ratio per command, and one for `new` into an empty folder."""
    command = str(Path(sys.executable).with_name("sallyport"))
    floor = process(python("-c", "import pydantic, typer, rich"), folder=root)
    actions = [process([command, *text.split()], folder=root) for text in COMMANDS]
    with tempfile.TemporaryDirectory() as folder:
        made = iter(range(ROUNDS + 1))

        def new() -> object:
            return process([command, "new", f"bench-{next(made)}"], folder=Path(folder))()

        actions.append(new)
        floor_seconds, *seconds = in_turn(ROUNDS, floor, *actions)
    for text, measured in zip((*COMMANDS, "new NAME"), seconds, strict=True):
        yield Ratio(f"sallyport {text}", measured, "imports of pydantic, typer, rich", floor_seconds, BOUND)
