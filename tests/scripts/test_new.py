"""`sallyport new`: a valid file, never over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from scripts.main import app

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_a_new_enclave_is_valid_at_once_and_not_written_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(app, ["new", "alpha"])
    assert (made.exit_code, made.stdout.splitlines()[0][:26]) == (0, "wrote enclaves/alpha.yaml;")
    assert CliRunner().invoke(app, ["validate"]).exit_code == 0
    before = (tmp_path / "enclaves" / "alpha.yaml").read_bytes()
    again = CliRunner().invoke(app, ["new", "alpha"])
    assert again.exit_code == 2
    assert "is there already and stays as it is" in again.stderr
    assert (tmp_path / "enclaves" / "alpha.yaml").read_bytes() == before


def test_a_name_that_cannot_be_used_exits_2_and_says_what_can(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(app, ["new", "Alpha"])
    assert refused.exit_code == 2
    assert "name 'Alpha' cannot be used; allowed: lower-case letters, digits and single hyphens" in refused.stderr
    assert list(tmp_path.iterdir()) == []
