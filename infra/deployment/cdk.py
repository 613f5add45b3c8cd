"""The CDK CLI of this virtual environment, run as anyone would type it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from infra.nearby import nearby

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TAIL_LINES = 40


class CdkError(RuntimeError):
    """The CDK CLI ended with an error; the message holds the end of what it printed."""


def cdk(
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
    on_line: Callable[[str], None] = lambda _line: None,
) -> None:
    """Run `cdk` in `folder`, each line of its output to `log` and `on_line`. Raises CdkError if it fails."""
    binaries = Path(sys.executable).parent
    program = binaries / "cdk"
    if not program.exists():
        raise CdkError(f"no CDK CLI at {nearby(program)}; `make setup` installs it")
    log.parent.mkdir(parents=True, exist_ok=True)
    tail: deque[str] = deque(maxlen=TAIL_LINES)
    with (
        log.open("w") as written,
        subprocess.Popen(
            [program, *arguments, "--no-notices"],
            cwd=folder,
            env={**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            written.write(line)
            tail.append(line)
            on_line(line)
    if process.returncode != 0:
        raise CdkError(
            f"cdk {arguments[0]} ended with {process.returncode}; the whole log: {nearby(log)}\n{''.join(tail)}"
        )
