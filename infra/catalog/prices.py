"""What AWS charges for: how each resource type is charged, and the list prices that public documentation tells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from yaml import YAMLError

from infra.catalog.source import Source, data, source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FILE = "prices.yaml"
WHERE = f"infra/catalog/data/{FILE}"
Period = Literal["hour", "month"]
T = TypeVar("T")


class Unreadable(ValueError):
    """The list of prices cannot be read, or an entry of it; the message names it."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit costs for one period in a region, in US dollars."""

    usd: Decimal
    source: Source
    first_hand: bool
    """Whether it was read on AWS's own page, and not at somebody's who repeats it."""


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
    """How each type that somebody has judged is charged, by CloudFormation's name. Raises Unreadable."""
    return _each("types", lambda _name, entry: Charge(entry.get("rest", ""), entry.get("use", "")))


@cache
def items() -> Mapping[str, Item]:
    """Everything that is paid for at rest, by name. Raises Unreadable."""
    return _each("items", _item)


def hours_per_month() -> int:
    """How many hours a month is taken to have. Raises Unreadable."""
    hours = _section("hours_per_month")
    if not isinstance(hours, int):
        raise Unreadable(f"{WHERE}: hours_per_month is {hours!r}, it must be a whole number")
    return hours


def _section(name: str) -> Any:
    try:
        return data(FILE)[name]
    except (OSError, YAMLError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(f"{WHERE} cannot be read: {type(error).__name__}: {error}") from error


def _each(section: str, made: Callable[[str, Any], T]) -> Mapping[str, T]:
    entries = _section(section)
    if not isinstance(entries, dict):
        raise Unreadable(f"{WHERE}: {section} holds {type(entries).__name__}, it must be a mapping")
    found = {}
    for name, entry in entries.items():
        try:
            found[name] = made(name, entry)
        except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise Unreadable(f"{WHERE}: {section}: {name}: {type(error).__name__}: {error}") from error
    return MappingProxyType(found)


def _item(name: str, entry: dict[str, Any]) -> Item:
    prices = {
        region: Price(Decimal(price["usd"]), source(price), price["first_hand"])
        for price in entry["prices"]
        for region in price["regions"]
    }
    return Item(name, entry["what"], entry["unit"], entry["per"], MappingProxyType(prices))
