"""SageMaker instance types: which have local storage, for which no volume key can be given."""

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
        """Whether an instance type, such as ml.g5.12xlarge, is of such a family."""
        return instance_type.removeprefix("ml.").rpartition(".")[0] in self.families


@cache
def local_storage() -> LocalStorage:
    """The families with local storage; a family not listed is taken to have none, so that it gets its key."""
    whole = data("instances.yaml")
    return LocalStorage(families=frozenset(whole["local_storage_families"]), source=source(whole))
