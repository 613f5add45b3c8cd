"""A rule, and the fault it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from infra.settings.problem import Key, nearest, spelled


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule, at the key to change."""

    key: Key
    message: str
    severity: Literal["error", "warning"] = "error"


Rule = Callable[..., Iterable[Fault]]


def rule(function: Rule) -> Rule:
    """Mark a function as a rule; its parameters are the sections it reads."""
    function.is_rule = True  # type: ignore[attr-defined]  # a mark on the function itself
    return function


def fault(key: Key, what: str, allowed: Iterable[str] | str, *, got: str = "") -> Fault:
    """A fault in the house's form: what is wrong with the value, what is allowed, where to change it.

    `got` is a word that may be a misspelling of one of those allowed.
    """
    known = [] if isinstance(allowed, str) else list(allowed)
    guess = nearest(got, known) if got else None
    hint = f"; did you mean {guess!r}?" if guess else ""
    options = allowed if isinstance(allowed, str) else ", ".join(known) or "nothing"
    return Fault(key, f"{what}{hint}; allowed: {options}; change {spelled(key)}")


def listed(values: Iterable[str]) -> str:
    """Values as a reader would list them."""
    return ", ".join(values)
