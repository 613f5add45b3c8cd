"""An item of the preflight: one precondition, the calls it may make, and how it is declared and found.

    @item("zones", "the chosen zones are there", asks=("ec2:DescribeAvailabilityZones",), source="…, read 2026-11-24")
    def zones(ask: Questions, about: About) -> Answer: …

Items stand in `infra/preflight/items/`, a module per group. What a call does not answer is unverified by itself: an
item says only what an answer means.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.preflight.about import About
    from infra.preflight.questions import Questions
    from infra.settings import Enclave


class State(StrEnum):
    """What is known of a precondition; unverified never counts as verified."""

    VERIFIED = "verified"
    REFUTED = "refuted"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one item."""

    state: State
    said: str
    """What the account said, in one line."""
    remedy: str = ""


def verified(said: str) -> Answer:
    """It is as it has to be."""
    return Answer(State.VERIFIED, said)


def refuted(said: str, remedy: str) -> Answer:
    """It is not."""
    return Answer(State.REFUTED, said, remedy)


def unverified(said: str, remedy: str) -> Answer:
    """It cannot be told from here."""
    return Answer(State.UNVERIFIED, said, remedy)


def decided(faults: Sequence[str], said: str, remedy: str) -> Answer:
    """Refuted by any fault, verified where there is none."""
    return refuted("; ".join(faults), remedy) if faults else verified(said)


Check = Callable[["Questions", "About"], Answer]


@dataclass(frozen=True, slots=True)
class Item:
    """One row of the table.

    Attributes:
        id: its name in reports and in `--accept`.
        group: the module that holds it.
        title: what has to be true.
        asks: the API calls it may make, `service:Operation`; no other is let through.
        source: where AWS says that it has to be so, with the date read.
        check: the function.
        when: whether an enclave needs it.
        of: which of the enclave's accounts is asked.
    """

    id: str
    group: str
    title: str
    asks: tuple[str, ...]
    source: str
    check: Check
    when: Callable[[Enclave], bool]
    of: str


def evidence_is_elsewhere(settings: Enclave) -> bool:
    """Whether evidence lies in an account of its own: what the items that ask that account are for."""
    return settings.accounts.evidence != settings.accounts.enclave


_ITEMS: dict[str, Item] = {}


def item(
    id: str,
    title: str,
    *,
    asks: Sequence[str],
    source: str,
    when: Callable[[Enclave], bool] = lambda _settings: True,
    of: str = "enclave",
) -> Callable[[Check], Check]:
    """Declare a function as the item of this id; a second function of the same id is a mistake."""

    def declare(check: Check) -> Check:
        if id in _ITEMS:
            raise ValueError(f"item {id} is declared twice")
        group = str(getattr(check, "__module__", "")).rpartition(".")[2]
        _ITEMS[id] = Item(id, group, title, tuple(asks), source, check, when, of)
        return check

    return declare


@cache
def items() -> tuple[Item, ...]:
    """Every item, by group, in the order in which a group's module has them."""
    from infra.preflight import items as folder

    for module in sorted(iter_modules(folder.__path__), key=lambda each: each.name):
        import_module(f"{folder.__name__}.{module.name}")
    return tuple(sorted(_ITEMS.values(), key=lambda each: each.group))
