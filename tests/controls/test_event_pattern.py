"""EventBridge patterns match as EventBridge matches them, and an operator not known is no answer."""

from __future__ import annotations

from typing import Any

import pytest

from infra.controls.event_pattern import matches
from infra.unknown import Unknown

EVENT = {"source": "aws.bedrock", "detail": {"eventName": "DeleteGuardrail", "ids": ["a", "b"], "n": 1, "flag": True}}


def detail(**keys: Any) -> dict[str, Any]:
    return {"detail": keys}


@pytest.mark.parametrize(
    ("pattern", "answer"),
    [
        ({}, True),
        ({"source": ["aws.bedrock"]}, True),
        ({"source": ["aws.s3", "aws.bedrock"]}, True),
        ({"source": ["aws.bed"]}, False),
        (detail(eventName=[{"prefix": "Delete"}]), True),
        (detail(eventName=[{"prefix": "Put"}]), False),
        (detail(eventName=[{"suffix": "Guardrail"}]), True),
        (detail(eventName=[{"prefix": {"equals-ignore-case": "delete"}}]), True),
        (detail(eventName=[{"equals-ignore-case": "deleteguardrail"}]), True),
        (detail(eventName=[{"wildcard": "D*rail"}]), True),
        (detail(eventName=[{"wildcard": "D?leteGuardrail"}]), False),
        (detail(eventName=[{"anything-but": "DeleteGuardrail"}]), False),
        (detail(eventName=[{"anything-but": ["PutX", "PutY"]}]), True),
        (detail(eventName=[{"anything-but": {"prefix": "Delete"}}]), False),
        (detail(ids=["b"]), True),
        (detail(ids=["c"]), False),
        (detail(n=[1]), True),
        (detail(n=["1"]), False),
        (detail(flag=[1]), False),
        (detail(absent=[{"exists": False}]), True),
        (detail(absent=[{"anything-but": "x"}]), False),
        (detail(absent=[{"anything-but": "x"}, {"exists": False}]), True),
        (detail(eventName=[{"exists": True}]), True),
        (detail(deep={"deeper": ["x"]}), False),
        (detail(deep={"deeper": [{"exists": False}]}), True),
        ({"$or": [{"source": ["aws.s3"]}, {"source": ["aws.bedrock"]}]}, True),
        ({"$or": [{"source": ["aws.s3"]}]}, False),
        ({"source": ["aws.s3"], "detail": {"n": [{"unheard": 1}]}}, False),
    ],
)
def test_matches(pattern: Any, answer: bool) -> None:
    assert matches(pattern, EVENT) is answer


@pytest.mark.parametrize(
    "pattern",
    [
        Unknown("a parameter"),
        None,
        {"source": "aws.bedrock"},
        {"source": [Unknown("a parameter")]},
        detail(n=[{"numeric": [">", 0]}]),
        detail(eventName=[{"anything-but": {"unheard": "x"}}]),
    ],
)
def test_says_unknown(pattern: Any) -> None:
    assert isinstance(matches(pattern, EVENT), Unknown)
