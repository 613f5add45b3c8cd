"""A cost as text and as JSON: per stack and month, with what has no price and what is not included."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.catalog.prices import hours_per_month

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.catalog.prices import Price
    from infra.cost import Cost, Line


def text(cost: Cost) -> str:
    """The cost as lines of text."""
    return "\n".join(_text(cost))


def as_json(cost: Cost) -> str:
    """The cost as JSON; an unknown price is null."""
    told: dict[str, Any] = {
        "currency": "USD",
        "hours_per_month": hours_per_month(),
        "stacks": [
            {
                "stack": stack.stack,
                "region": stack.region,
                "known_usd_per_month": str(stack.usd),
                "lines": [_line(line) for line in stack.lines],
            }
            for stack in cost.stacks
        ],
        "known_usd_per_month": str(cost.usd),
        "no_price": [{"what": what, "region": region} for what, region in cost.unpriced],
        "not_included": list(cost.not_included),
    }
    return json.dumps(told, indent=2)


def _line(line: Line) -> dict[str, Any]:
    return {
        "what": line.item.what,
        "quantity": line.quantity,
        "per": line.item.per,
        "unit_usd": str(line.price.usd) if line.price else None,
        "usd_per_month": None if line.usd is None else str(line.usd),
        "source": str(line.price.source) if line.price else None,
        "first_hand": line.price.first_hand if line.price else None,
    }


def _text(cost: Cost) -> Iterator[str]:
    yield f"at rest, in US dollars a month of {hours_per_month()} hours; list prices, before free tiers"
    for stack in cost.stacks:
        yield f"\n{stack.stack}, {stack.region}: {_sum(stack.usd, len(stack.unpriced))}"
        for line in stack.lines:
            each = _each(line.price, line.item.per) if line.price else f"no price for it in {stack.region}"
            amount = "unknown" if line.usd is None else f"{line.usd:.2f}"
            yield f"  {amount:>10}  {line.quantity} x {line.item.what}, {each}"
    yield f"\nall stacks: {_sum(cost.usd, len(cost.unpriced))}"
    yield from (f"no price for {what} in {region}" for what, region in cost.unpriced)
    yield from (f"not included  {what}" for what in cost.not_included)
    prices = {line.price for stack in cost.stacks for line in stack.lines if line.price}
    yield from sorted({f"price from  {price.source}{_word(price)}" for price in prices})


def _each(price: Price, per: str) -> str:
    return f"{price.usd} a {per}{_word(price)}"


def _word(price: Price) -> str:
    return "" if price.first_hand else ", not read at AWS"


def _sum(usd: Any, unpriced: int) -> str:
    return f"{usd:.2f} and {unpriced} without a price" if unpriced else f"{usd:.2f}"
