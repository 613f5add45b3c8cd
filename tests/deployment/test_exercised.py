"""What a run exercised is the server's own count, over its port, and is told against the tables."""

from __future__ import annotations

import pytest

from infra.deployment.account import AccountError
from infra.deployment.exercised import counts, lines
from infra.local import rule, server, triggers


def test_the_servers_counts_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with server.start() as running:
        monkeypatch.setattr(rule, "exercised", {"cloudtrail_trail.bucket_policy": 3})
        monkeypatch.setattr(rule, "tripped", {"cloudtrail_trail.bucket_policy": 1})
        monkeypatch.setattr(triggers, "fired", {"schedule": 2})
        told = counts(running.environment)
    refusals, fired, preconditions = lines(told)
    assert refusals.startswith(f"refusals  1 of {len(rule.rules())} rules asked, 3 times; 1 refused: cloudtrail_trail")
    assert fired == f"triggers  1 of {len(triggers.TRIGGERS)} fired: schedule 2"
    assert preconditions.startswith("preconditions  1 of ")


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with server.start() as running:
        environment = running.environment
    with pytest.raises(AccountError, match="did not tell"):
        counts(environment)
