"""Legal authorities and NIST SP 800-53 r5 controls that the project cites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from infra.catalog.source import Source, data, source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True, slots=True)
class Authority:
    """One law, order, directive or principle."""

    id: str
    title: str
    dated: date | None
    """The day of the version meant, where it has one."""
    about: str
    source: Source


@dataclass(frozen=True, slots=True)
class NistControl:
    """One SP 800-53 r5 control or enhancement."""

    id: str
    """As printed, such as `SC-7(3)`."""
    title: str
    source: Source


@cache
def authorities() -> Mapping[str, Authority]:
    """Every authority, by id."""
    return MappingProxyType(
        {
            entry["id"]: Authority(entry["id"], entry["title"], entry.get("dated"), entry["about"], source(entry))
            for entry in data("authorities.yaml")["authorities"]
        }
    )


@cache
def nist_controls() -> Mapping[str, NistControl]:
    """Every SP 800-53 r5 control that the project uses, by id."""
    whole = data("nist.yaml")
    return MappingProxyType(
        {name: NistControl(name, title, source(whole)) for name, title in whole["controls"].items()}
    )


def nist(id: str) -> NistControl:
    """One control; KeyError if the project uses none of that id."""
    return nist_controls()[id]
