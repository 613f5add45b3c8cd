"""A bar per stage and the time each took, on a terminal; a line per finished stage elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Iterator


class Advance(Protocol):
    """Tells a stage's bar that one more unit is done."""

    def __call__(self, done: int = 1) -> None: ...


class Stages:
    """The stages of one run and the seconds each took."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, total: int, unit: str) -> Iterator[Advance]:
        """Show one stage of `total` units while the block works; a failing block leaves its bar where it stopped."""
        started = time.monotonic()
        columns = (
            TextColumn("{task.description:<8}"),
            BarColumn(32),
            MofNCompleteColumn(),
            TextColumn(unit),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.console, disable=not self.console.is_terminal) as progress:
            task = progress.add_task(name, total=total)
            yield lambda done=1: progress.advance(task, done)
            progress.update(task, completed=total)
        self.seconds[name] = time.monotonic() - started
        if not self.console.is_terminal:
            self.console.print(f"{name:<8} {total} {unit}, {self.seconds[name]:.1f} s")
