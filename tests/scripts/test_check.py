"""`sallyport check` among the other enclaves of a project: what they do not hold together is said before anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from infra import gate
from infra.settings import write_new
from scripts.main import app

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_new("alpha", tmp_path)
    write_new("beta", tmp_path)
    monkeypatch.chdir(tmp_path)

    def instead(*arguments: object, **options: object) -> None:
        raise gate.NotThisEnclave("the gate was reached")

    monkeypatch.setattr(gate, "gate", instead)
    return tmp_path


def check() -> Result:
    return CliRunner().invoke(app, ["check", "--enclave", "beta"])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_one_owner_is_passed_over_in_silence(project: Path) -> None:
    assert check().stderr == "the gate was reached\n"


def test_a_baseline_without_an_owner_is_a_warning(project: Path) -> None:
    edit(project / "enclaves/alpha.yaml", "account_baseline: true", "account_baseline: false")
    warning, reached = check().stderr.splitlines()
    assert warning.startswith("warning: enclaves/beta.yaml:15: account_baseline is false, and no enclave here owns")
    assert reached == "the gate was reached"


def test_two_owners_are_wrong_input(project: Path) -> None:
    edit(project / "enclaves/beta.yaml", "account_baseline: false", "account_baseline: true")
    done = check()
    assert done.exit_code == 2
    assert done.stderr.startswith("enclaves/beta.yaml:15: account_baseline is true, but enclaves/alpha.yaml owns")
    assert done.stderr.count("\n") == 1
