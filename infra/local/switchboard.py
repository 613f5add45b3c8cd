"""The embedded AWS's own switches, beside the services' APIs: `/sallyport/…` on its port, JSON in and out.

A switch is a function from the request's JSON object to the answer's, with a path of its own; a ValueError it raises
is answered with 400 and its message.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from infra.local import faults, rule, triggers
from infra.local.clock import CLOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PREFIX = "/sallyport/"


def counts(_: Mapping[str, Any]) -> dict[str, Any]:
    """How often triggers fired, rules were asked and rules refused, each by name, since the server started."""
    return {"fired": dict(triggers.fired), "exercised": dict(rule.exercised), "tripped": dict(rule.tripped)}


def order_faults(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Order what the lines of `order` tell, all or none, after taking back what was ordered if `clear` says so."""
    lines = asked.get("order", [])
    if unknown := asked.keys() - {"order", "clear"}:
        raise ValueError(f"{', '.join(sorted(unknown))} says nothing, allowed: order, clear")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise ValueError(f"order is {lines!r}, allowed: a list of lines")
    for line in lines:
        faults.parse(line)
    if asked.get("clear"):
        faults.clear()
    for line in lines:
        faults.order(line)
    return {"faults": [fault.shown() for fault in faults.ordered()]}


def clock(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Move the embedded time forward by `advance_seconds`, let it run at `speed`, or neither; what it is then.

    The answer comes when all that fell due meanwhile, and the workflows it started, are done.
    """
    if unknown := sorted(asked.keys() - {"advance_seconds", "speed"}):
        raise ValueError(f"the clock knows advance_seconds and speed, not {', '.join(unknown)}")
    for name, value in asked.items():
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError(f"{name} is a number, not {value!r}")
    if "speed" in asked:
        CLOCK.run_at(asked["speed"])
    if "advance_seconds" in asked:
        CLOCK.advance(timedelta(seconds=asked["advance_seconds"]))
    return {"now": CLOCK.now().isoformat(timespec="milliseconds"), "speed": CLOCK.speed}


SWITCHES: dict[str, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    "clock": clock,
    "counts": counts,
    "faults": order_faults,
}


def beside(application: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application, with the switches in front of it."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith(PREFIX):
            return application(environ, start_response)  # type: ignore[no-any-return]  # a WSGI application
        return _switched(path.removeprefix(PREFIX), Request(environ))(environ, start_response)

    return answer


def _switched(name: str, request: Request) -> Response:
    if name not in SWITCHES:
        return _json({"error": f"no switch {name}; there are {', '.join(sorted(SWITCHES))}"}, 404)
    try:
        asked = json.loads(request.get_data() or b"{}")
        if not isinstance(asked, dict):
            raise ValueError(f"an object is wanted, not {asked!r}")
        return _json(SWITCHES[name](asked), 200)
    except ValueError as error:
        return _json({"error": str(error)}, 400)


def _json(told: Mapping[str, Any], status: int) -> Response:
    return Response(json.dumps(told), status=status, content_type="application/json")
