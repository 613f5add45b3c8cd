"""`sallyport verify` prints what was found, and its exit code tells holding from falling short from wrong input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra import verification
from infra.controls.finding import Finding, Verdict
from infra.controls.judgement import judge
from infra.live.account import LiveError
from infra.live.read import NoEnclave
from infra.posture.template.files import TemplateError
from scripts.main import app

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")


def verified(monkeypatch: pytest.MonkeyPatch, outcome: Any, *arguments: str) -> Any:
    def instead(sessions: Any, settings: Any, **options: Any) -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        found = [Finding("NET-05", outcome, "net/Vpc", "as found")]
        return judge(found, known=["NET-05"], as_of=options["as_of"])

    monkeypatch.setattr(verification, "verify", instead)
    return CliRunner().invoke(app, ["verify", *arguments])


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.PASS, 0), (Verdict.FAIL, 1), (Verdict.UNKNOWN, 1)])
def test_the_verdict_is_the_exit_code(monkeypatch: pytest.MonkeyPatch, verdict: Verdict, code: int) -> None:
    result = verified(monkeypatch, verdict, "--format", "json", "--as-of", "2026-11-24")
    assert result.exit_code == code
    written = json.loads(result.stdout)
    assert (written["verdict"], written["as_of"]) == (verdict, date(2026, 11, 24).isoformat())


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LiveError("ec2 describe_vpcs failed with Throttling"), 1),
        (NoEnclave("no stack of enclave sandbox"), 2),
        (verification.WrongAccount("the sessions are of account 444455556666"), 2),
        (TemplateError("cdk.out holds no manifest.json"), 2),
    ],
)
def test_an_error_is_one_line_and_no_verdict(monkeypatch: pytest.MonkeyPatch, error: Exception, code: int) -> None:
    result = verified(monkeypatch, error)
    assert result.exit_code == code
    assert str(error) in result.stderr
    assert result.stdout == ""


def test_an_enclave_or_profile_that_is_not_there_is_wrong_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verified(monkeypatch, Verdict.PASS, "nobody").exit_code == 2
    assert verified(monkeypatch, Verdict.PASS, "--profile", "no-such-profile").exit_code == 2
