"""`sallyport local fail` works the switch of the embedded AWS that the environment points to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra.local import faults
from infra.local.server import start
from scripts.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with start() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        yield


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["local", *arguments])


@pytest.mark.usefixtures("server")
def test_faults_are_ordered_told_and_taken_back() -> None:
    told = run("fail", "create one/A", "call ec2/* times=2")
    assert told.exit_code == 0
    assert [json.loads(line)["left"] for line in told.stdout.splitlines()] == [1, 2]
    assert run("fail").stdout == told.stdout
    assert [fault.what for fault in faults.ordered()] == ["A", "*"]
    assert run("fail", "--clear").stdout.strip() == ""
    refused = run("fail", "nonsense")
    assert (refused.exit_code, "is no fault" in refused.stderr) == (2, True)


def test_without_an_embedded_aws_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert run("fail").exit_code == 1
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    assert "no embedded AWS answers" in run("fail").stderr


def test_a_server_does_not_start_with_what_it_does_not_understand() -> None:
    refused = run("start", "--fail", "nonsense")
    assert (refused.exit_code, "is no fault" in refused.stderr) == (2, True)


def test_what_is_ordered_ends_with_the_server() -> None:
    with start():
        faults.order("create one/A")
    assert faults.ordered() == []
