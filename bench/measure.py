"""Whole processes timed in turn, so that both sides of a ratio see the same machine."""

from __future__ import annotations

import json
import shlex
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Ratio:
    """One comparison: what was measured, against what, and the most it may be."""

    name: str
    measured_seconds: float
    against: str
    against_seconds: float
    bound: float

    @property
    def value(self) -> float:
        """Measured over against; no unit."""
        return self.measured_seconds / self.against_seconds

    def __str__(self) -> str:
        verdict = "holds" if self.value <= self.bound else "EXCEEDED"
        sides = f"{self.name} {self.measured_seconds:.2f} s, {self.against} {self.against_seconds:.2f} s"
        return f"{verdict:<8} {self.value:5.2f} x (at most {self.bound:.1f} x)  {sides}"


def in_turn(rounds: int, *actions: Callable[[], object]) -> list[float]:
    """The median seconds of each action over `rounds` rounds, after one round that is not counted."""
    taken: list[list[float]] = [[] for _ in actions]
    for number in range(rounds + 1):
        for action, seconds in zip(actions, taken, strict=True):
            started = time.perf_counter()
            action()
            if number:
                seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in taken]


def process(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str] | None = None
) -> Callable[[], object]:
    """An action that runs a process and insists on its success."""

    def run() -> object:
        return subprocess.run(
            [str(argument) for argument in arguments], cwd=folder, env=environment, check=True, capture_output=True
        )

    return run


def python(*arguments: str) -> list[str]:
    """This interpreter with arguments."""
    return [sys.executable, *arguments]


def app(root: Path) -> list[str]:
    """The project's CDK app as `cdk.json` starts it, by this interpreter."""
    _, *arguments = shlex.split(json.loads((root / "cdk.json").read_text())["app"])
    return python(*arguments)
