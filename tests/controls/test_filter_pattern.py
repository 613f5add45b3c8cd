"""Metric filters count the events that CloudWatch Logs would count, and a pattern not understood is no answer."""

from __future__ import annotations

import pytest

from infra.controls.filter_pattern import counts
from infra.unknown import Unknown

EVENT = {"eventName": "StopLogging", "userIdentity": {"type": "Root"}, "errorCode": None}


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ("{ $.eventName = StopLogging }", True),
        ('{ $.eventName = "StopLogging" }', True),
        ("{$.eventName=StopLogging}", True),
        ("{ $.eventName = Stop* }", True),
        ("{ $.eventName = *Logging }", True),
        ("{ $.eventName = Start* }", False),
        ("{ $.eventName != StartLogging }", True),
        ("{ $.eventName != StopLogging }", False),
        ("{ $.absent = x }", False),
        ("{ $.absent != x }", False),
        ("{ ($.eventName = A) || ($.eventName = StopLogging) }", True),
        ("{ ($.eventName = StopLogging) && ($.userIdentity.type = Root) }", True),
        ("{ ($.eventName = StopLogging) && ($.userIdentity.type = User) }", False),
        ("{ ($.a = 1) || ($.eventName = StopLogging) && ($.userIdentity.type = User) }", False),
        ("{ (($.eventName = StopLogging)) }", True),
        ("{ $.userIdentity.invokedBy NOT EXISTS }", True),
        ("{ $.userIdentity.type EXISTS }", True),
        ("{ $.eventName.deeper = x }", False),
    ],
)
def test_counts(pattern: str, answer: bool) -> None:
    assert counts(pattern, EVENT) is answer


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "StopLogging",
        "?A ?B",
        "[a, b]",
        "{ $.eventName = StopLogging",
        "{ $.eventName }",
        "{ $.eventName = }",
        "{ $.n > 1 }",
        "{ $.list[0] = x }",
        "{ ($.eventName = A }",
        "{ $.eventName = A } trailing",
        "{ }",
    ],
)
def test_says_unknown(pattern: str) -> None:
    assert isinstance(counts(pattern, EVENT), Unknown)
