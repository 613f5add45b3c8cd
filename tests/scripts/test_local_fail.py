"""`sallyport local fail` and `furnish` work on the embedded AWS that the environment points to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra.local import faults
from infra.local.server import start
from infra.settings import find, load
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


def test_an_account_is_furnished_once_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with start(account="111122223333") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        for _ in range(2):
            told = run("furnish", "sandbox")
            assert told.exit_code == 0, told.output
        (image,) = running.client("ecr").list_images(repositoryName="vllm")["imageIds"]
        hosting = load(find("sandbox")).hosting
        assert hosting is not None
        assert hosting.image.endswith(image["imageDigest"])
    assert run("furnish", "sandbox").exit_code == 1
    assert run("furnish", "absent").exit_code == 2
