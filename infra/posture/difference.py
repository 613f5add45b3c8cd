"""Where two postures differ: what only one holds, and each value that is not the same in both."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.model import Posture
    from infra.posture.values import Resource, Source


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference; a side where the resource is missing is None."""

    collection: str
    ref: str
    value: str
    """The value that differs; empty if the resource itself is on one side only."""
    left: Any
    right: Any
    source: Source

    def __str__(self) -> str:
        if not self.value:
            return "it is not there" if self.right is None else "nothing declares it"
        return f"{self.value} is {self.right!r}, declared {self.left!r}"


def differences(left: Posture, right: Posture) -> Iterator[Difference]:
    """Every difference, by collection and resource; none exactly if the postures are equal."""
    for collection in (each.name for each in fields(left) if each.compare):
        ours = {str(each.ref): each for each in getattr(left, collection)}
        theirs = {str(each.ref): each for each in getattr(right, collection)}
        for ref in sorted(ours.keys() | theirs.keys()):
            yield from _between(collection, ours.get(ref), theirs.get(ref))


def _between(collection: str, left: Resource | None, right: Resource | None) -> Iterator[Difference]:
    known = left or right
    if known is None or left == right:
        return
    if left is None or right is None:
        yield Difference(collection, str(known.ref), "", left, right, known.source)
        return
    for each in fields(left):
        if each.compare and getattr(left, each.name) != getattr(right, each.name):
            values = (getattr(left, each.name), getattr(right, each.name))
            yield Difference(collection, str(left.ref), each.name, *values, left.source)
