"""A message names a file as one would from the current folder; what lies elsewhere keeps its whole name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.deployment.cdk import CdkError, cdk
from infra.nearby import nearby
from infra.settings import write_new
from scripts.main import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an enclave that is not valid."""
    write_new("alpha", tmp_path)
    path = tmp_path / "enclaves" / "alpha.yaml"
    path.write_text(path.read_text().replace("schema: 1", "shema: 1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "command",
    [["check", "--enclave", "alpha"], ["verify", "alpha"], ["up", "alpha"], ["demo", "alpha"]],
    ids=lambda words: str(words[0]),
)
def test_wrong_settings_are_named_from_here(project: Path, command: list[str]) -> None:
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 2
    assert "enclaves/alpha.yaml:3: unknown key 'shema'" in done.output
    assert str(project) not in done.output


def test_models_import_names_them_from_here(project: Path) -> None:
    (project / "model.tar.gz").touch()
    done = CliRunner().invoke(app, ["models", "import", "model.tar.gz", "--enclave", "alpha"])
    assert (done.exit_code, str(project) in done.output) == (2, False)


def test_a_file_named_in_full_is_shown_from_here(project: Path) -> None:
    done = CliRunner().invoke(app, ["validate", str(project / "enclaves" / "alpha.yaml")])
    assert done.stderr.startswith("enclaves/alpha.yaml:3: ")
    elsewhere = CliRunner().invoke(app, ["validate", str(ROOT / "enclaves" / "sandbox.yaml")])
    assert elsewhere.stdout == f"{ROOT / 'enclaves' / 'sandbox.yaml'}: valid\n"


def test_an_assembly_named_in_full_is_shown_from_here(project: Path) -> None:
    write_new("beta", project)
    done = CliRunner().invoke(app, ["check", str(project / "none"), "--enclave", "beta", "--only", "posture"])
    assert done.exit_code == 2
    assert str(project) not in done.output


def test_the_app_names_settings_from_where_it_was_started(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "CDK_CONTEXT_JSON": '{"enclave": "nobody"}', "CDK_OUTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr.split(" ")[0]) == (2, "enclaves/nobody.yaml:1:")


def test_a_failed_cdk_command_names_its_log_from_here(project: Path) -> None:
    with pytest.raises(CdkError) as failed:
        cdk(["no-such-command"], folder=project, environment={}, log=project / "build" / "x.log")
    assert "the whole log: build/x.log" in str(failed.value)


def test_a_path_is_shortened_only_where_it_lies_under_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    assert nearby(gone / "a" / "b") == Path("a/b")
    assert nearby(tmp_path / "a") == tmp_path / "a"
    assert nearby(Path("../a")) == Path("../a")
    gone.rmdir()
    assert nearby(gone / "a") == gone / "a"
