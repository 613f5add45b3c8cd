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
    assert refusals.startswith(f"refusals  1 of {len(rule.rules())} rules asked, 3 times; 1 refused: cloudtrail_trail")
    assert fired == f"triggers  1 of {len(triggers.TRIGGERS)} fired: schedule 2"
    rows = [row for row in preconditions() if "cloudtrail_trail.bucket_policy" in row.raised]
    assert tried.startswith(f"preconditions  {len(rows)} of ")


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with server.start() as running:
        environment = running.environment
    with pytest.raises(AccountError, match="did not tell"):
        counts(environment)


def test_one_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.deployment.exercised.ANSWER_SECONDS_AT_MOST", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(AccountError, match="did not tell"):
        counts({"AWS_ENDPOINT_URL": f"http://127.0.0.1:{silent.getsockname()[1]}"})
