"""What policies say about one request, as far as today's controls ask: the full decision order is a later issue's.

Statements are judged exactly where their elements are known; what rests on an Unknown, or on an operator that is
not listed here, is Unknown. A context key that the request does not carry is absent, as AWS treats it.
Source: IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements: Condition operators", read 2026-11-24.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Literal

from infra.unknown import Maybe, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from infra.policy.document import Condition, Document, Statement

Decision = Literal["allowed", "denied", "not allowed"]


@dataclass(frozen=True, slots=True)
class Request:
    """One call: who does what to what, and the context keys it carries."""

    action: str
    resource: str
    principal: tuple[str, str] | None = None
    """Kind and value, such as ("Service", "events.amazonaws.com"); only resource policies ask."""
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def values(self, key: str) -> tuple[str, ...] | None:
        """The values of a context key, whatever its case; None if absent."""
        return next((values for name, values in self.context.items() if name.lower() == key.lower()), None)


def decide(documents: Iterable[Maybe[Document]], request: Request) -> Maybe[Decision]:
    """What these policies together say: any deny, else any allow, else neither."""
    verdicts: list[tuple[Maybe[bool], Statement]] = []
    unknown: list[Unknown] = []
    for document in documents:
        if isinstance(document, Unknown):
            unknown.append(document)
            continue
        verdicts += [(applies(statement, request), statement) for statement in document.statements]
    if any(hit is True and statement.effect == "Deny" for hit, statement in verdicts):
        return "denied"
    # An unknown that may deny settles nothing; one that may allow matters only if nothing allows already.
    maybe = [(hit, statement) for hit, statement in verdicts if hit is not False]
    doubtful = [
        hit if isinstance(hit, Unknown) else statement.effect
        for hit, statement in maybe
        if statement.effect != "Allow" and (isinstance(hit, Unknown) or isinstance(statement.effect, Unknown))
    ]
    for doubt in (*unknown, *doubtful):
        if isinstance(doubt, Unknown):
            return doubt
    if any(hit is True for hit, _ in maybe):
        return "allowed"
    return next((hit for hit, _ in maybe if isinstance(hit, Unknown)), "not allowed")


def applies(statement: Statement, request: Request) -> Maybe[bool]:
    """Whether the statement speaks of the request."""
    parts = (
        _matches(statement.actions, statement.not_actions, lambda each: glob(each, request.action, fold=True)),
        _resource(statement, request),
        _principal(statement, request),
        *(holds(condition, request) for condition in statement.conditions),
    )
    return all_of(parts)


def _resource(statement: Statement, request: Request) -> Maybe[bool]:
    if statement.resources is None and statement.not_resources is None:
        return True  # trust policies and some resource policies name none
    return _matches(statement.resources, statement.not_resources, lambda each: glob(each, request.resource))


def _principal(statement: Statement, request: Request) -> Maybe[bool]:
    if request.principal is None or (statement.principals is None and statement.not_principals is None):
        return True
    kind, value = request.principal

    def is_it(pair: tuple[str, str]) -> bool:
        everyone = pair == ("AWS", "*") or pair[1] == "*" == value
        return everyone or (pair[0] == kind and pair[1] in ("*", value))

    pairs = statement.principals if statement.principals is not None else statement.not_principals or ()
    hits = [is_it((k, v)) if isinstance(v, str) else v for k, v in pairs]
    found = any_of(hits)
    if statement.principals is not None or isinstance(found, Unknown):
        return found
    return not found


def _matches(
    positive: tuple[Maybe[str], ...] | None, negative: tuple[Maybe[str], ...] | None, test: Callable[[str], bool]
) -> Maybe[bool]:
    found = any_of(each if isinstance(each, Unknown) else test(each) for each in (positive or negative or ()))
    if positive is not None or isinstance(found, Unknown):
        return found
    return not found


def glob(pattern: str, text: str, *, fold: bool = False) -> bool:
    """Whether a pattern with `*` and `?` matches; `?` does not stand for a `*` in a text that is a pattern itself."""
    return _compiled(pattern.lower() if fold else pattern).fullmatch(text.lower() if fold else text) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    special = {"*": ".*", "?": "[^*]"}
    return re.compile("".join(special.get(each, re.escape(each)) for each in pattern), re.DOTALL)


def overlap(one: str, other: str) -> bool:
    """Whether two patterns with `*` and `?` have a text in common that both match."""
    reached = {0}  # places in `other` that a text matched so far by `one` can have led to
    for mine in one:
        reached = _through_stars(other, reached)
        if mine == "*":
            reached = set(range(min(reached), len(other) + 1)) if reached else reached
        else:
            reached = {
                place if other[place] == "*" else place + 1
                for place in reached
                if place < len(other) and (other[place] in ("*", "?", mine) or mine == "?")
            }
    return len(other) in _through_stars(other, reached)


def _through_stars(pattern: str, places: set[int]) -> set[int]:
    """The places, and those behind stars that begin there."""
    found = set(places)
    for place in range(len(pattern)):
        if place in found and pattern[place] == "*":
            found.add(place + 1)
    return found


# Conditions -----------------------------------------------------------------------------------------------------


_TESTS: dict[str, Callable[[str, str], bool]] = {
    "stringequals": lambda wanted, value: wanted == value,
    "stringequalsignorecase": lambda wanted, value: wanted.lower() == value.lower(),
    "stringlike": glob,
    "arnequals": glob,
    "arnlike": glob,
    "bool": lambda wanted, value: wanted.lower() == value.lower(),
    "numericequals": lambda wanted, value: float(value) == float(wanted),
    "numericlessthan": lambda wanted, value: float(value) < float(wanted),
    "numericlessthanequals": lambda wanted, value: float(value) <= float(wanted),
    "numericgreaterthan": lambda wanted, value: float(value) > float(wanted),
    "numericgreaterthanequals": lambda wanted, value: float(value) >= float(wanted),
}
_NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
    "numericnotequals": "numericequals",
}


def holds(condition: Condition, request: Request) -> Maybe[bool]:
    """Whether one condition holds for the request."""
    quantifier, _, operator = condition.operator.lower().rpartition(":")
    if_exists = operator.endswith("ifexists")
    operator = operator.removesuffix("ifexists")
    values = request.values(condition.key)
    if doubt := next((each for each in condition.values if isinstance(each, Unknown)), None):
        return doubt
    wanted = [str(each) for each in condition.values]
    if operator == "null":
        return (values is None) == (wanted == ["true"])
    negated = operator in _NEGATED
    test = _TESTS.get(_NEGATED.get(operator, operator))
    if test is None:
        return Unknown(f"condition operator {condition.operator} is not judged here")
    if values is None:
        return if_exists or quantifier == "forallvalues" or (negated and quantifier != "foranyvalue")
    try:
        hits = [any(test(each, value) for each in wanted) != negated for value in values]
    except ValueError:
        return Unknown(f"{condition.key} is compared with something that is no number")
    return any(hits) if quantifier == "foranyvalue" else all(hits)
