"""Every command of docs/operations.md, in its order, by the real CDK CLI, with the edits that the page asks for."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from tests.cli.conftest import BINARIES, ROOT, Cli, edit_profile, enforced, stacks

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full

PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def commands(section: str) -> list[str]:
    """What a section of the page tells the reader to type."""
    (text,) = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\$ (.+)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def operator(cli: Cli) -> Callable[[str, int], str]:
    """Runs a line of the page in the project's folder; its exit code must be as expected."""
    folder = cli.folder / "bin"
    folder.mkdir()
    program = "from scripts.main import app; app()"
    (folder / "sallyport").write_text(f'#!/bin/sh\nexec {sys.executable} -c {shlex.quote(program)} "$@"\n')
    (folder / "sallyport").chmod(0o755)
    environment = {**cli.environment, "PATH": f"{folder}{os.pathsep}{BINARIES}{os.pathsep}{os.environ['PATH']}"}
    environment["PYTHONPATH"] = f"{cli.folder}{os.pathsep}{ROOT}"  # scripts is no part of the copy

    def run(line: str, code: int = 0) -> str:
        ran = subprocess.run(
            line, shell=True, cwd=cli.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert ran.returncode == code, f"{line}\n{(ran.stdout + ran.stderr)[-4000:]}"
        if line.startswith("cdk deploy"):
            wait_for_keeper(boto3)
        return ran.stdout + ran.stderr

    return run


@pytest.fixture(scope="module")
def standing(operator: Callable[..., str]) -> Callable[..., str]:
    """The operator, with the enclave deployed as the page's first section says."""
    for line in commands("First deploy"):
        operator(line)
    return operator


def edit(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in changes:
        assert old in text, (path, old)
        text = text.replace(old, new)
    path.write_text(text)


def test_first_deploy(standing: Callable[..., str]) -> None:
    assert {stack["StackStatus"] for stack in stacks().values()} == {"CREATE_COMPLETE"}


def test_a_model_is_removed_and_added(cli: Cli, standing: Callable[..., str]) -> None:
    path = cli.folder / "enclaves/sandbox.yaml"
    before = path.read_text()
    model = "  - id: nvidia.nemotron-super-3-120b\n    routing: region\n"
    for change in ((model, ""), None):
        if change:
            edit(path, change, ("  nvidia: active\n", ""))
        else:
            path.write_text(before)
        updated = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
        for line in commands("Remove a model, and add it again"):
            standing(line)
        now = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
        assert {name for name in now if now[name] != updated[name]} == {"sandbox-inference", "sandbox-network"}


def test_a_failed_update_is_taken_back_and_deployed_again(cli: Cli, standing: Callable[..., str]) -> None:
    edit_profile(cli, ("Monitoring, tracking", "Observing, tracking", 1))
    version = enforced()
    order, deploy, verify, again, last = commands("A failed update")
    standing(order)
    standing(deploy, 1)
    assert stacks()["sandbox-inference"]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert enforced() == version
    assert "its definition is not the profile's" in standing(verify, 1)  # the earlier one stands again
    standing(again)
    standing(last)
    assert int(enforced()) > int(version)


def test_no_section_has_commands_that_nothing_runs() -> None:
    source = Path(__file__).read_text()
    for section in re.findall(r"^## (.+)$", PAGE, re.MULTILINE):
        assert f'commands("{section}")' in source, section
