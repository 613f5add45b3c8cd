"""SageMaker instance types: which a region offers, and which have local storage, for which no volume key is given."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from infra.catalog.source import Source, data, source


@dataclass(frozen=True, slots=True)
class LocalStorage:
    """Families of instance types whose volumes are local and encrypted by the instance's own hardware."""

    families: frozenset[str]
    source: Source

    def has(self, instance_type: str) -> bool:
        """Whether an instance type, such as ml.g6.12xlarge, is of such a family."""
        return instance_type.removeprefix("ml.").rpartition(".")[0] in self.families


@cache
def local_storage() -> LocalStorage:
    """The families with local storage; a family not listed is taken to have none, so that it gets its key."""
    whole = data("instances.yaml")
    return LocalStorage(families=frozenset(whole["local_storage_families"]), source=source(whole))


@cache
def hosting_instance_types(region: str) -> tuple[str, ...]:
    """The instance types that SageMaker hosting offers in a region; empty where it offers none, or none is known."""
    return tuple(data("instances.yaml")["offered"].get(region, ()))
