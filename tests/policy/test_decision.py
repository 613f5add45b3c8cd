"""Statements are judged as AWS judges them, and doubt is never an answer."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from infra.policy.decision import Request, decide, glob, overlap
from infra.policy.document import parse
from infra.unknown import Unknown

WHY = Unknown("a parameter")
REQUEST = Request(
    "sns:Publish",
    "arn:aws-us-gov:sns:us-gov-west-1:111122223333:alarms",
    principal=("Service", "events.amazonaws.com"),
    context={"aws:SourceAccount": ("111122223333",), "aws:TagKeys": ("a", "b")},
)
ALLOW = {
    "Effect": "Allow",
    "Action": "sns:publish",
    "Resource": "arn:*:alarms",
    "Principal": {"Service": "events.amazonaws.com"},
}


def on(operator: str, key: str, *values: Any) -> dict[str, Any]:
    return {**ALLOW, "Condition": {operator: {key: list(values)}}}


@pytest.mark.parametrize(
    ("statements", "decision"),
    [
        ([ALLOW], "allowed"),
        ([], "not allowed"),
        ([{**ALLOW, "Action": "sns:*"}], "allowed"),
        ([{**ALLOW, "Action": "sns:Subscribe"}], "not allowed"),
        ([{**ALLOW, "Resource": "arn:*:other"}], "not allowed"),
        ([{**ALLOW, "Principal": "*"}], "allowed"),
        ([{**ALLOW, "Principal": {"Service": "cloudwatch.amazonaws.com"}}], "not allowed"),
        ([ALLOW, {**ALLOW, "Effect": "Deny"}], "denied"),
        ([ALLOW, {"Effect": "Deny", "NotAction": "sns:Subscribe", "Resource": "*", "Principal": "*"}], "denied"),
        ([ALLOW, {"Effect": "Deny", "NotAction": "sns:Publish", "Resource": "*", "Principal": "*"}], "allowed"),
        ([on("StringEquals", "AWS:sourceaccount", "111122223333")], "allowed"),
        ([on("StringEquals", "aws:SourceAccount", "444455556666")], "not allowed"),
        ([on("StringNotEquals", "aws:SourceAccount", "444455556666")], "allowed"),
        ([on("StringEquals", "aws:SourceArn", "arn:x")], "not allowed"),
        ([on("StringEqualsIfExists", "aws:SourceArn", "arn:x")], "allowed"),
        ([on("StringNotEquals", "aws:SourceArn", "arn:x")], "allowed"),
        ([on("Null", "aws:SourceArn", "true")], "allowed"),
        ([on("Null", "aws:SourceAccount", "true")], "not allowed"),
        ([on("ForAllValues:StringEquals", "aws:TagKeys", "a")], "not allowed"),
        ([on("ForAnyValue:StringEquals", "aws:TagKeys", "a")], "allowed"),
        ([on("ForAllValues:StringEquals", "aws:Absent", "a")], "allowed"),
        ([on("ForAnyValue:StringEquals", "aws:Absent", "a")], "not allowed"),
        ([on("ForAnyValue:StringNotEquals", "aws:Absent", "a")], "not allowed"),
    ],
)
def test_decides(statements: list[dict[str, Any]], decision: str) -> None:
    assert decide([parse({"Statement": statements})], REQUEST) == decision


@pytest.mark.parametrize(
    "statements",
    [
        [{**ALLOW, "Resource": WHY}],
        [ALLOW, {**ALLOW, "Effect": "Deny", "Resource": WHY}],
        [ALLOW, {**ALLOW, "Effect": WHY}],
        [on("StringEquals", "aws:SourceAccount", WHY)],
        [on("IpAddress", "aws:SourceAccount", "10.0.0.0/8")],
    ],
)
def test_doubt_is_unknown(statements: list[dict[str, Any]]) -> None:
    assert isinstance(decide([parse({"Statement": statements})], REQUEST), Unknown)


def test_an_allow_is_enough_beside_a_doubtful_allow() -> None:
    assert decide([parse({"Statement": [ALLOW, {**ALLOW, "Resource": WHY}]})], REQUEST) == "allowed"


def test_a_policy_nobody_could_read_may_deny() -> None:
    assert isinstance(decide([parse({"Statement": [ALLOW]}), WHY], REQUEST), Unknown)


def test_two_patterns_overlap_where_some_text_matches_both() -> None:
    texts = ["".join(each) for size in range(6) for each in product("ab", repeat=size)]
    patterns = ["".join(each) for size in range(4) for each in product("ab*?", repeat=size)]
    matched = {pattern: {text for text in texts if glob(pattern, text)} for pattern in patterns}
    told = {(one, other): overlap(one, other) for one in patterns for other in patterns}
    assert told == {(one, other): bool(matched[one] & matched[other]) for one, other in told}
