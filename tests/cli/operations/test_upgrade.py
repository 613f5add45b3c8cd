"""A new version of Sallyport shows what it would change before it does, and refuses settings that it does not read."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from scripts.main import app
from tests.cli.conftest import ROOT, Cli, stacks
from tests.cli.operations.page import commands, edit, section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TITLE = "Upgrade Sallyport"
GONE = re.compile(r"^\[.\] AWS::.* (orphan|destroy|replaced?)$", re.MULTILINE)
"""A resource's line that says that it goes."""
REFUSED = ("validate", "check --only posture", "preflight", "verify", "reading-policy sandbox", "up --yes")
"""Every command that reads the settings."""


@pytest.mark.full
def test_a_new_version_shows_what_it_changes_and_then_does(cli: Cli, standing: Callable[..., str]) -> None:
    edit(
        cli.folder / "infra/constructs/inference_watch.py",
        ('"the guardrail blocked a denied topic of the agreement"', '"said otherwise by the new version"'),
    )
    before = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
    validate, synth, check, diff, deploy, verify = commands(TITLE)
    for line in (validate, synth, check):
        standing(line)
    said = standing(diff)
    assert "said otherwise by the new version" in said
    assert "Number of stacks with differences: 1" in said
    assert re.findall(r"^\[.\] AWS::.*$", said, re.MULTILINE)
    assert not GONE.search(said)
    assert {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()} == before
    standing(deploy)
    now = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
    assert {name for name in now if now[name] != before[name]} == {"sandbox-inference"}
    standing(verify)


@pytest.mark.full
def test_the_difference_tells_what_would_be_orphaned(cli: Cli, standing: Callable[..., str]) -> None:
    path = cli.folder / "infra/constructs/enclave_keys.py"
    before = path.read_text()
    edit(path, ('            "Data",\n', '            "DataAnew",\n'))
    _, synth, _, diff, *_ = commands(TITLE)
    standing(synth)
    said = standing(diff)
    path.write_text(before)
    assert "AWS::KMS::Key" in "".join(each[0] for each in GONE.finditer(said) if each[1] == "orphan"), said[:4000]
    assert all(f"`{word}`" in section(TITLE) for word in ("orphan", "destroy", "replace"))


def newer(path: Path) -> str:
    """Write a file in a newer shape, with what this one does not know; the line that the page shows it refused by."""
    lines = path.read_text().splitlines()
    (told,) = re.findall(r"^enclaves/sandbox\.yaml:.*$", section(TITLE), re.MULTILINE)
    assert told.startswith(f"enclaves/sandbox.yaml:{lines.index('schema: 1') + 1}: ")
    edit(path, ("schema: 1\n", "schema: 2\nsomething: new\n"))
    return str(told)


@pytest.mark.parametrize("command", REFUSED)
def test_settings_of_a_newer_shape_are_refused_by_every_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    shutil.copytree(ROOT / "enclaves", tmp_path / "enclaves")
    told = newer(tmp_path / "enclaves/sandbox.yaml")
    monkeypatch.chdir(tmp_path)
    ran = CliRunner().invoke(app, command.split())
    assert (ran.exit_code, ran.output) == (2, f"{told}\n")


@pytest.mark.full
def test_and_by_synth(cli: Cli) -> None:
    path = cli.folder / "enclaves/sandbox.yaml"
    before = path.read_text()
    told = newer(path)
    said = cli.run("synth", "--quiet", fails=True)
    path.write_text(before)
    assert told in said
    assert "Traceback" not in said
    assert "something" not in said
