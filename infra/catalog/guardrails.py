"""What every guardrail must hold for the agreement: denied topics, filter strengths, personal data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from infra.catalog.source import Source, data, source

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STRENGTHS = ("NONE", "LOW", "MEDIUM", "HIGH")
"""Filter strengths, weakest first."""


@dataclass(frozen=True, slots=True)
class RequiredTopic:
    """A topic that the agreement has every guardrail deny; a profile may reword it, not drop or empty it."""

    name: str
    clause: str
    """The agreement's clause: P1, P2 or P3."""
    definition: str
    examples: tuple[str, ...]
    mentions: tuple[tuple[str, ...], ...]
    """Words the definition must hold, one of each group: what makes it still the same topic."""
    source: Source

    def shortfall(self, definition: str, examples: Sequence[str]) -> str | None:
        """What a wording lacks to still deny this topic, or None if it does."""
        text = definition.casefold()
        for group in self.mentions:
            if not any(word in text for word in group):
                return f"its definition mentions none of {', '.join(group)}"
        if not any(example.strip() for example in examples):
            return "it has no example"
        return None


@dataclass(frozen=True, slots=True)
class Strengths:
    """The weakest setting a guardrail may have."""

    content: Mapping[str, str]
    """Content filter → weakest strength on input and output."""
    prompt_attack: str
    pii: tuple[str, ...]
    """Personal data that must be blocked or masked."""
    source: Source


@cache
def required_topics() -> tuple[RequiredTopic, ...]:
    """The denied topics that the agreement requires, in the order of its clauses."""
    whole = data("guardrail.yaml")
    return tuple(
        RequiredTopic(
            name=entry["name"],
            clause=entry["clause"],
            definition=entry["definition"],
            examples=tuple(entry["examples"]),
            mentions=tuple(tuple(group) for group in entry["mentions"]),
            source=source(entry),
        )
        for entry in whole["topics"]
    )


@cache
def strengths() -> Strengths:
    """The agreed strengths of the other filters."""
    entry = data("guardrail.yaml")["strengths"]
    return Strengths(
        content=MappingProxyType(dict(entry["content"])),
        prompt_attack=entry["prompt_attack"],
        pii=tuple(entry["pii"]),
        source=source(entry),
    )


@cache
def image_filters(region: str) -> frozenset[str]:
    """The content filters that judge images too in a region."""
    entry = data("guardrail.yaml")["images"]
    return frozenset(entry["filters"]) if region in entry["regions"] else frozenset()
