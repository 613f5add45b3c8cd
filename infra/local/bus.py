"""Events that services send to EventBridge's default bus, with a look beforehand at whether any rule wants them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from infra.local.clock import CLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def watching(account: str, region: str, source: str, detail_type: str, action: str | None = None) -> bool:
    """Whether any rule of the default bus could want this: cheap, and most often the end of it."""
    return any(
        pattern and _could_want(pattern, source, detail_type, action)
        for pattern in (rule.event_pattern.get_pattern() for rule in _rules(account, region))
    )


def send(
    account: str, region: str, source: str, detail_type: str, detail: Mapping[str, Any], resources: Sequence[str] = ()
) -> None:
    """Hand every rule of the default bus the event; each looks for itself whether it matches."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": account,
        "time": CLOCK.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": list(resources),
        "detail": dict(detail),
    }
    for rule in _rules(account, region):
        rule.send_to_targets(event)


def _rules(account: str, region: str) -> list[Any]:
    """What stands on the default bus, without making a bus where there is none."""
    from moto.events.models import events_backends

    regions = dict(events_backends.items()).get(account)
    backend = regions and dict(regions.items()).get(region)
    return list(backend.event_buses["default"].rules.values()) if backend else []


def _could_want(pattern: dict[str, Any], source: str, detail_type: str, action: str | None) -> bool:
    """Whether a pattern leaves room for this event, as far as its source, type and name tell."""
    named = [(pattern.get("source"), source), (pattern.get("detail-type"), detail_type)]
    if action:
        named.append((pattern.get("detail", {}).get("eventName"), action))
    return all(
        wanted is None
        # What a matcher such as a prefix takes is for moto to say.
        or any(each == told or isinstance(each, dict) for each in wanted)
        for wanted, told in named
    )
