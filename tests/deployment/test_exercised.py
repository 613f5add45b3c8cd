"""What a run exercised is the server's own count, over its port, and is told against the tables."""

from __future__ import annotations

import socket

import pytest

from infra.deployment.account import AccountError
from infra.deployment.exercised import counts, lines
from infra.local import rule, server, triggers
from infra.local.precondition import preconditions


def test_the_servers_counts_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with server.start() as running:
        monkeypatch.setattr(rule, "exercised", {"cloudtrail_trail.bucket_policy": 3})
        monkeypatch.setattr(rule, "tripped", {"cloudtrail_trail.bucket_policy": 1})
        monkeypatch.setattr(triggers, "fired", {"schedule": 2})
        told = counts(running.environment)
    refusals, fired, tried = lines(told)
    assert refusals == (
        f"refusals  the embedded AWS asked 1 of its {len(rule.rules())} rules, 3 times, and refused 1 times: "
        "cloudtrail_trail.bucket_policy 1; a test trips each rule"
    )
    assert fired == f"triggers  1 of {len(triggers.TRIGGERS)} kinds fired by themselves: schedule 2"
    rows = [row for row in preconditions() if "cloudtrail_trail.bucket_policy" in row.raised]
    assert tried.startswith(f"preconditions  {len(rows)} of AWS's ")


def test_a_run_without_a_refusal_says_that_it_should_have_none() -> None:
    refusals, fired, _ = lines({"exercised": {"cloudtrail_trail.bucket_policy": 3}, "tripped": {}, "fired": {}})
    assert "3 times, and refused nothing, as it should; " in refusals
    assert fired.endswith("kinds fired by themselves")


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with server.start() as running:
        environment = running.environment
    with pytest.raises(AccountError, match="did not tell"):
        counts(environment)


def test_one_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deployment.exercised.ANSWER_SECONDS_AT_MOST", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(AccountError, match="did not tell"):
        counts({"AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"})
