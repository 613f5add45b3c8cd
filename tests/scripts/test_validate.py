"""`sallyport validate`: exit codes, every file, errors apart from what holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from infra.settings import write_new
from scripts.main import app

SANDBOX = Path("enclaves/sandbox.yaml").resolve()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_new("alpha", tmp_path)
    write_new("beta", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def validate(*files: str | Path) -> Result:
    return CliRunner().invoke(app, ["validate", *map(str, files)])


def test_the_default_enclave_is_valid() -> None:
    done = validate(SANDBOX)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "enclaves/sandbox.yaml: valid\n", "")


def test_without_a_file_every_enclave_of_the_project_is_checked(project: Path) -> None:
    (project / "enclaves" / "agreement.yaml").write_text("parties: []\n")  # describes no enclave
    assert validate().stdout == "enclaves/alpha.yaml: valid\nenclaves/beta.yaml: valid\n"


def test_an_error_exits_2_and_the_other_files_are_still_checked(project: Path) -> None:
    beta = project / "enclaves" / "beta.yaml"
    beta.write_text(beta.read_text().replace("schema: 1", "shema: 1"))
    done = validate()
    assert done.exit_code == 2
    assert done.stdout == "enclaves/alpha.yaml: valid\n"
    assert "enclaves/beta.yaml:3: unknown key 'shema'; did you mean 'schema'?" in done.stderr


def test_a_warning_is_printed_and_exits_0(project: Path) -> None:
    alpha = project / "enclaves" / "alpha.yaml"
    alpha.write_text(alpha.read_text().replace("evidence_days: 7", "evidence_days: 400"))
    done = validate("enclaves/alpha.yaml")
    assert (done.exit_code, done.stdout) == (0, "enclaves/alpha.yaml: valid\n")
    assert "warning: evidence is locked for 400 days: COMPLIANCE cannot be shortened" in done.stderr


def test_two_owners_of_the_baseline_are_an_error(project: Path) -> None:
    beta = project / "enclaves" / "beta.yaml"
    beta.write_text(beta.read_text().replace("account_baseline: false", "account_baseline: true"))
    done = validate()
    assert done.exit_code == 2
    assert "enclaves/alpha.yaml:15: account_baseline is true, but enclaves/beta.yaml owns the baseline" in done.stderr
    assert "enclaves/beta.yaml:15: account_baseline is true, but enclaves/alpha.yaml owns the baseline" in done.stderr
    assert done.stdout == ""


def test_one_file_is_checked_among_the_others_of_its_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alpha, beta = project / "enclaves" / "alpha.yaml", project / "enclaves" / "beta.yaml"
    assert validate("enclaves/beta.yaml").stderr == ""  # alpha owns the baseline
    assert validate("enclaves/beta.yaml", alpha).stderr == ""  # however it is spelled
    monkeypatch.chdir(project / "enclaves")
    assert validate("beta.yaml").stderr == ""
    monkeypatch.chdir(project)
    alpha.write_text(alpha.read_text().replace("account_baseline: true", "account_baseline: false"))
    done = validate("enclaves/beta.yaml")
    assert (done.exit_code, done.stdout) == (0, "enclaves/beta.yaml: valid\n")
    assert "warning: account_baseline is false, and no enclave here owns the baseline" in done.stderr
    assert done.stderr.count("\n") == 1
    alpha.write_text("schema: 2\n")  # who knows what it would own
    assert validate("enclaves/beta.yaml").stderr == ""
    alpha.unlink()
    beta.write_text(beta.read_text().replace("account_baseline: false", "account_baseline: true"))
    assert validate("enclaves/beta.yaml").stderr == ""


@pytest.mark.parametrize("raw", [b"", b"\0", b"\xff\xfe", b"[" * 9999, b"a: *a", b"- 1", b"null"])
def test_whatever_a_file_holds_it_exits_2_with_its_line(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(raw)
    done = validate(path)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{path}:1: ")


def test_a_missing_file_and_an_empty_project_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        validate("none.yaml").stderr
        == "none.yaml:1: cannot be read: no such file or directory; name a readable YAML file\n"
    )
    assert validate().stderr == "there is no enclaves/*.yaml here; `sallyport new NAME` writes one\n"
    assert (validate("none.yaml").exit_code, validate().exit_code) == (2, 2)
