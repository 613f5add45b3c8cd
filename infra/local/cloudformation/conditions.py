"""Conditions and rules: the functions that answer true or false before any resource is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from infra.local.cloudformation.intrinsics import Scope, as_text, evaluate
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def resolved(scope: Scope) -> Scope:
    """The scope with every condition of its template decided. Raises ValidationError for a cycle, a wrong function."""
    decided: dict[str, bool] = {}
    for name in scope.template.conditions:
        _named(name, scope, decided, ())
    return replace(scope, conditions=decided)


def _named(name: Any, scope: Scope, decided: dict[str, bool], asked: tuple[str, ...]) -> bool:
    if name in asked:
        raise ValidationError(f"Template error: Found circular condition dependency: {' -> '.join((*asked, name))}")
    if name not in scope.template.conditions:
        raise ValidationError(
            f"Template format error: Unresolved condition dependencies [{name}] in the Conditions block of the template"
        )
    if name not in decided:
        decided[name] = _holds(scope.template.conditions[name], scope, decided, (*asked, name))
    return decided[name]


def _holds(node: Any, scope: Scope, decided: dict[str, bool], asked: tuple[str, ...]) -> bool:
    if not isinstance(node, dict) or len(node) != 1:
        raise ValidationError(f"Template format error: Every Conditions member must be one function, got {node!r}")
    (name, argument), *_ = node.items()
    match name:
        case "Condition":
            return _named(argument, scope, decided, asked)
        case "Fn::Not":
            return not _holds(_members(name, argument, 1, 1)[0], scope, decided, asked)
        case "Fn::And":
            return all(_each(_members(name, argument, 2, 10), scope, decided, asked))
        case "Fn::Or":
            return any(_each(_members(name, argument, 2, 10), scope, decided, asked))
        case "Fn::Equals":
            left, right = (evaluate(item, scope) for item in _members(name, argument, 2, 2))
            return _same(left, right)
        case _ if name in RULE_FUNCTIONS:
            return RULE_FUNCTIONS[name](argument, scope)
        case _:
            raise ValidationError(f"Template error: {name} is not allowed in a condition")


def _each(members: list[Any], scope: Scope, decided: dict[str, bool], asked: tuple[str, ...]) -> list[bool]:
    """Every member decided, so that a wrong one is found whatever the others say."""
    return [_holds(item, scope, decided, asked) for item in members]


def _same(left: Any, right: Any) -> bool:
    return as_text(left) == as_text(right) if not isinstance(left, dict | list) else bool(left == right)


def _members(name: str, argument: Any, least: int, most: int) -> list[Any]:
    if not isinstance(argument, list) or not least <= len(argument) <= most:
        allowed = str(least) if least == most else f"{least} to {most}"
        raise ValidationError(f"Template error: every {name} object requires a list of {allowed} conditions")
    return argument


def _contains(argument: Any, scope: Scope) -> bool:
    items, value = evaluate(argument, scope)
    return as_text(value) in [as_text(item) for item in items]


def _each_member_equals(argument: Any, scope: Scope) -> bool:
    items, value = evaluate(argument, scope)
    return all(as_text(item) == as_text(value) for item in items)


def _each_member_in(argument: Any, scope: Scope) -> bool:
    items, allowed = evaluate(argument, scope)
    return {as_text(item) for item in items} <= {as_text(item) for item in allowed}


RULE_FUNCTIONS: Final[Mapping[str, Callable[[Any, Scope], bool]]] = {
    "Fn::Contains": _contains,
    "Fn::EachMemberEquals": _each_member_equals,
    "Fn::EachMemberIn": _each_member_in,
}


def check_rules(scope: Scope) -> None:
    """Refuse parameters that a rule does not allow. Raises ValidationError with the assertion's text."""
    for name, rule in scope.template.rules.items():
        applies = rule.get("RuleCondition")
        if applies is not None and not _holds(applies, scope, dict(scope.conditions), ()):
            continue
        for assertion in rule.get("Assertions", ()):
            if not _holds(assertion["Assert"], scope, dict(scope.conditions), ()):
                said = assertion.get("AssertDescription") or f"assertion of rule {name} is false"
                raise ValidationError(f"Template error: {name}: {said}")
