"""What types the commands of docs/operations.md: the real CDK and AWS CLIs and `sallyport`, on an embedded AWS."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from tests.cli.conftest import BINARIES, ROOT, Cli
from tests.cli.operations.page import commands

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def operator(cli: Cli) -> Callable[..., str]:
    """Runs a line of the page in the project's folder and gives what it printed; its exit code must be as expected."""
    folder = cli.folder / "bin"
    folder.mkdir()
    program = shlex.quote("from scripts.main import app; app()")
    (folder / "sallyport").write_text(f'#!/bin/sh\nexec {sys.executable} -c {program} "$@"\n')
    (folder / "sallyport").chmod(0o755)
    environment = {**cli.environment, "PATH": f"{folder}{os.pathsep}{BINARIES}{os.pathsep}{os.environ['PATH']}"}
    environment["PYTHONPATH"] = f"{cli.folder}{os.pathsep}{ROOT}"  # scripts is no part of the copy

    def run(line: str, code: int = 0) -> str:
        assigned = re.fullmatch(r"([A-Z]+)=\$\((.+)\)", line)
        if assigned:  # as the reader's shell keeps it for the lines to come
            environment[assigned[1]] = said = run(assigned[2]).strip()
            assert said, line
            return said
        ran = subprocess.run(
            line, shell=True, cwd=cli.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == code, f"{line}\n{(ran.stdout + ran.stderr)[-4000:]}"
        if line.startswith("cdk deploy --all") and code == 0:
            wait_for_keeper(boto3)
        return ran.stdout + ran.stderr

    return run


@pytest.fixture(scope="module")
def standing(operator: Callable[..., str]) -> Callable[..., str]:
    """The operator, with the enclave deployed as the page's first section says."""
    for line in commands("First deploy"):
        operator(line)
    return operator
