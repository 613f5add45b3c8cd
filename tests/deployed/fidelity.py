"""Which (type, property) pairs of templates a service tells again as the template said them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Pair = tuple[str, str]


@dataclass
class Pairs:
    """Every pair that was looked at; a pair is equal if it is in every resource of the type."""

    looked_at: set[Pair] = field(default_factory=set)
    differing: dict[Pair, list[str]] = field(default_factory=dict)

    def add(self, who: str, type_name: str, expected: Mapping[str, Any], differing: Iterable[str]) -> None:
        """Take in one resource: the properties expected of it, and those of them that were not read back equal."""
        self.looked_at |= {(type_name, name) for name in expected}
        for name in differing:
            self.differing.setdefault((type_name, name), []).append(who)

    @property
    def equal(self) -> int:
        return len(self.looked_at - self.differing.keys())

    def __str__(self) -> str:
        return f"{self.equal} of {len(self.looked_at)} (type, property) pairs read back equal"


def top_level(differences: Iterable[Mapping[str, Any]]) -> set[str]:
    """The properties that drift's differences lie in."""
    return {str(each["PropertyPath"]).split("/")[1] for each in differences}
