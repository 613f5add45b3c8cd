"""What a reader found, before it is a posture: resources with resolved properties in CloudFormation's words.

The template reader makes these from templates, the live reader from the services' answers; one set of functions
(`infra/posture/aws`) turns either into a posture, so what is a default and what is order is decided once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.posture.values import Maybe, Place, Properties, Ref, Source, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

EVERYTHING = "*"
"""Stands for every collection of a posture: what is undecided may be of any kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One resource as a reader found it."""

    type: str
    ref: Ref
    place: Place
    id: str
    arn: str
    properties: Properties
    source: Source
    deletion_policy: Maybe[str] = "Delete"
    update_replace_policy: Maybe[str] = "Delete"
    undecided: Unknown | None = None
    """Set when a condition that cannot be decided says whether the resource is there at all."""

    @property
    def common(self) -> dict[str, Any]:
        """What every value of a posture takes from its resource."""
        return {"ref": self.ref, "place": self.place, "id": self.id, "source": self.source}

    @property
    def retained(self) -> Maybe[bool]:
        """Whether the resource outlives its stack and its own replacement."""
        policies = (self.deletion_policy, self.update_replace_policy)
        if "Delete" in policies or "Snapshot" in policies:
            return False
        return next((p for p in policies if isinstance(p, Unknown)), True)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something that may belong to a collection of the posture, or change one of its members; it cannot be told."""

    collection: str
    what: Ref
    why: str
    source: Source = field(default_factory=Source, compare=False, repr=False)


@dataclass(slots=True)
class Resources:
    """All that a reader found, while a posture is built from it."""

    declared: tuple[Declared, ...]
    partial: tuple[Undecided, ...] = ()
    """What the reader itself could not decide."""
    _by_type: dict[str, list[Declared]] = field(default_factory=dict, init=False)
    _taken: set[str] = field(default_factory=set, init=False)
    _undecided: dict[tuple[str, Ref, str], Undecided] = field(default_factory=dict, init=False)
    _collection: str = field(default=EVERYTHING, init=False)

    def __post_init__(self) -> None:
        for each in sorted(self.declared, key=lambda d: d.ref):
            self._by_type.setdefault(each.type, []).append(each)
        for partial in self.partial:
            self._note(partial)

    def collect(self, collection: str, fill: Callable[[Resources], Iterable[Any]]) -> tuple[Any, ...]:
        """What a function makes of these resources; what it could not decide is noted under `collection`."""
        self._collection = collection
        try:
            return tuple(fill(self))
        finally:
            self._collection = EVERYTHING

    def of(self, *types: str) -> list[Declared]:
        """All resources of these types, by identity."""
        self._taken.update(types)
        found = [each for name in types for each in self._by_type.get(name, ())]
        for each in found:
            if each.undecided is not None:
                self.undecide(each, f"whether it is there: {each.undecided.why}")
        return found

    def attached(self, child: str, by: str, parents: Iterable[Declared]) -> Mapping[str, list[Declared]]:
        """The resources of type `child` by each parent, its id or ARN, that their property `by` names.

        A child whose parent is not known, or is none that the reader found, could belong to any: that is noted as
        undecided.
        """
        known = {name: parent.id for parent in parents for name in (parent.id, parent.arn) if name}
        found: dict[str, list[Declared]] = {parent: [] for parent in known.values()}
        for each in self.of(child):
            for parent in each.properties.texts(by):
                if isinstance(parent, Unknown):
                    self.undecide(each, f"which {by} it belongs to: {parent.why}")
                elif parent in known:
                    found[known[parent]].append(each)
                elif parent:
                    self.undecide(each, f"it is attached to {parent}, which nothing here makes")
        return found

    def key(self, name: Maybe[str], place: Place) -> Maybe[str]:
        """The key that an alias names, by its ARN; what is no alias of these resources stays as it is.

        Some services keep an alias as it was given and others the key's ARN: a posture knows the ARN alone.
        """
        if isinstance(name, Unknown) or "alias/" not in name:
            return name
        for alias in self._by_type.get("AWS::KMS::Alias", ()):
            if name == alias.arn or (name == alias.id and alias.place == place):
                target = alias.properties.text("TargetKeyId")
                keys = self._by_type.get("AWS::KMS::Key", ())
                return next((key.arn for key in keys if target in (key.id, key.arn)), target)
        return name

    def undecide(self, what: Declared, why: str) -> None:
        """Note that the collection being filled depends on something that cannot be told."""
        self._note(Undecided(self._collection, what.ref, why, what.source))

    def _note(self, undecided: Undecided) -> None:
        self._undecided.setdefault((undecided.collection, undecided.what, undecided.why), undecided)

    @property
    def undecided(self) -> tuple[Undecided, ...]:
        """All that was noted."""
        return tuple(sorted(self._undecided.values(), key=lambda u: (u.collection, u.what, u.why)))

    def others(self) -> list[Declared]:
        """Resources of types that nothing asked for."""
        return [each for name in sorted(self._by_type) if name not in self._taken for each in self._by_type[name]]
