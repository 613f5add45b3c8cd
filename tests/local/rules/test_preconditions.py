"""The table of what AWS asks for: every rule it names is there, every rule is in it, and every row says what is so."""

from __future__ import annotations

from infra.local.precondition import not_in_the_enclave, preconditions
from infra.local.rule import rules


def test_every_rule_that_a_row_names_is_there() -> None:
    assert {name for row in preconditions() for name in row.raised} <= set(rules())


def test_every_rule_is_in_the_table() -> None:
    assert set(rules()) - {name for row in preconditions() for name in row.raised} == set()


def test_a_row_is_raised_or_says_why_not() -> None:
    assert [row for row in preconditions() if bool(row.raised) + bool(row.not_applicable) + bool(row.open) != 1] == []


def test_only_rules_are_said_to_be_outside_the_enclave() -> None:
    assert not_in_the_enclave().keys() <= rules().keys()


def test_no_row_is_open() -> None:
    assert [(row.type, row.what) for row in preconditions() if row.open] == []
