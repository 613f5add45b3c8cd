"""What several settings together must hold: rules found by walking this folder.

A rule is a function that names the sections of a file it reads and yields the faults it finds; it is applied to every
file that has those sections, and left out where one of them does not hold by itself.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

from infra.settings.rules.rule import Fault, Rule, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Fault", "Rule", "faults", "rule", "rules"]


@cache
def rules() -> dict[Rule, frozenset[str]]:
    """Every rule, with the sections it reads."""
    found: dict[Rule, frozenset[str]] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        members = vars(importlib.import_module(f"{__name__}.{module.name}")).values()
        found |= {each: frozenset(inspect.signature(each).parameters) for each in members if hasattr(each, "is_rule")}
    return found


def faults(sections: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with sections that hold each by itself."""
    for each, names in rules().items():
        if names <= set(sections):
            yield from each(**{name: sections[name] for name in names})
