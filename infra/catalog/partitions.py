"""Partitions, their regions and zones, and what a region lacks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from infra.catalog.source import Source, data, names, source

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Lack:
    """Something AWS does not offer in a region, what protection that costs, and what the build does instead."""

    what: str
    types: tuple[str, ...]
    """The CloudFormation types that are missing."""
    loses: str
    instead: str
    source: Source


@dataclass(frozen=True, slots=True)
class Region:
    """One region; `zones` is empty where an enclave cannot be placed because the catalogue knows no zones."""

    name: str
    partition: str
    zones: tuple[str, ...]
    lacks: tuple[Lack, ...]
    source: Source

    def lacking(self, what: str) -> Lack | None:
        """The entry that says this region has no `what`, if there is one."""
        return next((lack for lack in self.lacks if lack.what == what), None)


@dataclass(frozen=True, slots=True)
class Partition:
    """One AWS partition: the second field of its ARNs, and the DNS suffix of its hosts."""

    name: str
    dns_suffix: str
    regions: tuple[str, ...]
    source: Source


@cache
def _regions() -> Mapping[str, Region]:
    return MappingProxyType(
        {
            str(entry["name"]): _region(entry, name)
            for name in names("partitions")
            for entry in data(f"partitions/{name}.yaml")["regions"]
        }
    )


def _region(entry: dict[str, Any], partition: str) -> Region:
    whole = data(f"partitions/{partition}.yaml")
    return Region(
        name=entry["name"],
        partition=whole["partition"],
        zones=tuple(entry.get("zones", ())),
        lacks=tuple(_lack(lack) for lack in (*whole.get("lacks", ()), *entry.get("lacks", ()))),
        source=source(whole),
    )


def _lack(entry: dict[str, Any]) -> Lack:
    return Lack(entry["what"], tuple(entry["types"]), entry["loses"], entry["instead"], source(entry))


@cache
def partitions() -> Mapping[str, Partition]:
    """Every partition, by name."""
    return MappingProxyType(
        {
            name: Partition(
                name=whole["partition"],
                dns_suffix=whole["dns_suffix"],
                regions=tuple(entry["name"] for entry in whole["regions"]),
                source=source(whole),
            )
            for name in names("partitions")
            for whole in [data(f"partitions/{name}.yaml")]
        }
    )


def regions() -> Mapping[str, Region]:
    """Every region of every partition, by name."""
    return _regions()


def region(name: str) -> Region:
    """One region; KeyError if the catalogue has none of that name."""
    return _regions()[name]


def partition(name: str) -> Partition:
    """One partition; KeyError if the catalogue has none of that name."""
    return partitions()[name]
