"""IAM policy documents as values: statements in one canonical form, whatever the spelling they came in.

A single string and a list of one are the same, order within an element carries no meaning, `"*"` and
`{"AWS": "*"}` name the same principals, a bare account id and its root ARN the same account.
Source: IAM User Guide, "IAM JSON policy elements reference", read 2026-11-24.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from infra.unknown import Maybe, Unknown

_ACCOUNT_ROOT = re.compile(r"^arn:[\w-]+:iam::(\d{12}):root$")


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key; the values are alternatives."""

    operator: str
    key: str
    values: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; an element that is absent is None, which differs from one that is empty."""

    effect: Maybe[Literal["Allow", "Deny"]]
    actions: tuple[Maybe[str], ...] | None = None
    not_actions: tuple[Maybe[str], ...] | None = None
    resources: tuple[Maybe[str], ...] | None = None
    not_resources: tuple[Maybe[str], ...] | None = None
    principals: tuple[tuple[str, Maybe[str]], ...] | None = None
    """Pairs of kind (`AWS`, `Service`, `Federated`, `CanonicalUser`) and value."""
    not_principals: tuple[tuple[str, Maybe[str]], ...] | None = None
    conditions: tuple[Condition, ...] = ()
    sid: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One policy: its statements, in the order they were written."""

    statements: tuple[Statement, ...]
    version: str = "2008-10-17"
    """What AWS assumes when the element is absent; policy variables work from 2012-10-17 on."""


def parse(policy: Any) -> Maybe[Document]:
    """The document that this JSON value, or text holding one, stands for; Unknown for what is no policy."""
    if isinstance(policy, Unknown):
        return policy
    if isinstance(policy, str):
        try:
            policy = json.loads(policy)
        except ValueError:
            return Unknown("policy is text that is not JSON")
    if not isinstance(policy, Mapping):
        return Unknown(f"policy is a {type(policy).__name__}, not an object")
    statements = policy.get("Statement", [])
    if isinstance(statements, Unknown):
        return statements
    version = policy.get("Version", "2008-10-17")
    listed = statements if isinstance(statements, list | tuple) else [statements]
    return Document(
        statements=tuple(_statement(each) for each in listed),
        version=version if isinstance(version, str) else "2008-10-17",
    )


def _statement(value: Any) -> Statement:
    if not isinstance(value, Mapping):
        why = value if isinstance(value, Unknown) else Unknown("statement is not an object")
        return Statement(effect=why, actions=(why,), resources=(why,))
    effect = value.get("Effect")
    return Statement(
        sid=value["Sid"] if isinstance(value.get("Sid"), str) else "",
        effect=effect
        if effect in ("Allow", "Deny") or isinstance(effect, Unknown)
        else Unknown(f"effect is {effect!r}"),
        actions=_texts(value, "Action"),
        not_actions=_texts(value, "NotAction"),
        resources=_texts(value, "Resource"),
        not_resources=_texts(value, "NotResource"),
        principals=_principals(value, "Principal"),
        not_principals=_principals(value, "NotPrincipal"),
        conditions=_conditions(value.get("Condition", {})),
    )


def _texts(statement: Mapping[str, Any], element: str) -> tuple[Maybe[str], ...] | None:
    return texts(statement[element]) if element in statement else None


def texts(value: Any) -> tuple[Maybe[str], ...]:
    """A value or list of values as sorted distinct text, Unknown kept as an element."""
    listed = value if isinstance(value, list | tuple) else [value]
    return tuple(sorted({_text(each) for each in listed}, key=str))


def _text(value: Any) -> Maybe[str]:
    match value:
        case str() | Unknown():
            return value
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case _:
            return Unknown(f"expected text, got {type(value).__name__}")


def _principals(statement: Mapping[str, Any], element: str) -> tuple[tuple[str, Maybe[str]], ...] | None:
    match statement.get(element):
        case None:
            return None
        case Unknown() as why:
            return (("AWS", why),)
        case Mapping() as kinds:
            pairs = {(kind, _account(kind, each)) for kind, values in kinds.items() for each in texts(values)}
            return tuple(sorted(pairs, key=str))
        case "*":
            return (("AWS", "*"),)
        case other:
            return (("AWS", Unknown(f"principal is {other!r}")),)


def _account(kind: str, value: Maybe[str]) -> Maybe[str]:
    """A root ARN is written as its account id: the two name the same principals."""
    if kind == "AWS" and isinstance(value, str) and (root := _ACCOUNT_ROOT.match(value)):
        return root[1]
    return value


def _conditions(value: Any) -> tuple[Condition, ...]:
    if not isinstance(value, Mapping):
        why = value if isinstance(value, Unknown) else Unknown("condition is not an object")
        return (Condition("", "", (why,)),)
    found = []
    for operator, keys in value.items():
        if not isinstance(keys, Mapping):
            found.append(Condition(operator, "", (Unknown(f"condition {operator} is not an object"),)))
            continue
        found += [Condition(operator, key, texts(values)) for key, values in keys.items()]
    return tuple(sorted(found, key=str))
