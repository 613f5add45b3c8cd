"""What AWS charges for: how each resource type is charged, and the list prices that public documentation tells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from infra.catalog.source import Source, data, source

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "prices.yaml"
Period = Literal["hour", "month"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs for one period in a region, in US dollars."""

    usd: Decimal
    source: Source


@dataclass(frozen=True, slots=True)
class Item:
    """Something that is paid for though nobody uses it; `prices` by region, absent where none was found."""

    name: str
    what: str
    unit: str
    per: Period
    prices: Mapping[str, Price]


@dataclass(frozen=True, slots=True)
class Charge:
    """How a resource type is charged: at rest, by use, or, with neither, not at all."""

    rest: str
    use: str


@cache
def charges() -> Mapping[str, Charge]:
    """How each type that somebody has judged is charged, by CloudFormation's name."""
    types = data(FILE)["types"]
    return MappingProxyType(
        {name: Charge(entry.get("rest", ""), entry.get("use", "")) for name, entry in types.items()}
    )


@cache
def items() -> Mapping[str, Item]:
    """Everything that is paid for at rest, by name."""
    return MappingProxyType({name: _item(name, entry) for name, entry in data(FILE)["items"].items()})


def hours_per_month() -> int:
    """How many hours a month is taken to have."""
    return int(data(FILE)["hours_per_month"])


def _item(name: str, entry: dict[str, Any]) -> Item:
    prices = {
        region: Price(Decimal(price["usd"]), source(price)) for price in entry["prices"] for region in price["regions"]
    }
    return Item(name, entry["what"], entry["unit"], entry["per"], MappingProxyType(prices))
