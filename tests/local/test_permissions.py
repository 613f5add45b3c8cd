"""Conditions, as the checks that services make at creation and IAM's simulation read them."""

from __future__ import annotations

import pytest

from infra.local.permissions import policy_allows

ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
NOON = "2027-01-31T12:00:00Z"


def allows(effect: str, operator: str, wanted: object, value: str | None) -> bool:
    one = {"Effect": effect, "Action": "*", "Resource": "*", "Condition": {operator: {"aws:Key": wanted}}}
    others = [ALLOW] if effect == "Deny" else []
    context = {} if value is None else {"aws:key": value}
    return policy_allows({"Statement": [one, *others]}, "s3:GetObject", "*", context)


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "met"),
    [
        ("DateGreaterThanEquals", NOON, NOON, True),
        ("DateGreaterThanEquals", NOON, "2027-01-31T11:59:59Z", False),
        ("DateGreaterThanEquals", NOON, "2027-01-31T13:59:59+02:00", False),
        ("DateLessThan", NOON, "2027-01-31", True),
        ("DateEquals", "1801396800", NOON, True),
        ("DateNotEquals", NOON, NOON, False),
        ("DateGreaterThanEqualsIfExists", NOON, None, True),
        ("DateGreaterThanEquals", NOON, None, False),
        ("NumericLessThanEquals", "3600", "3600", True),
        ("NumericLessThanEquals", 3600, "3601", False),
        ("NumericNotEquals", "1", None, True),
        ("StringNotEquals", ["a", "b"], "b", False),
        ("IpAddress", ["10.0.0.0/8", "192.0.2.1"], "10.1.2.3", True),
        ("IpAddress", "10.0.0.0/8", None, False),
        ("NotIpAddress", "10.0.0.0/8", "192.0.2.1", True),
        ("ForAnyValue:StringEquals", ["a", "b"], "b", True),
        ("ForAnyValue:StringEquals", ["a", "b"], None, False),
    ],
)
def test_a_condition_is_met_or_not_whatever_the_effect(operator: str, wanted: object, value: str, met: bool) -> None:
    assert allows("Allow", operator, wanted, value) is met
    assert allows("Deny", operator, wanted, value) is not met


@pytest.mark.parametrize(
    ("operator", "value"), [("BinaryEquals", "10.0.0.1"), ("IpAddress", "soon"), ("DateLessThan", "soon")]
)
def test_what_is_not_understood_allows_nothing_and_denies(operator: str, value: str) -> None:
    assert not allows("Allow", operator, "10.0.0.0/8", value)
    assert not allows("Deny", operator, "10.0.0.0/8", value)
