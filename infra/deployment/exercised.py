"""What a run exercised of the embedded AWS, told by the server itself: refusals, triggers, preconditions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.request import urlopen

from infra.deployment.account import AccountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Counts = Mapping[str, Mapping[str, int]]

ANSWER_SECONDS_AT_MOST = 10


def counts(environment: Mapping[str, str]) -> Counts:
    """The server's counts since it started, by kind and name.

    The server may be another process; `environment` is what its clients need. Raises AccountError if it does not tell.
    """
    address = f"{environment['AWS_ENDPOINT_URL']}/sallyport/counts"
    try:
        with urlopen(address, timeout=ANSWER_SECONDS_AT_MOST) as answer:
            told: Counts = json.load(answer)
    except (OSError, ValueError) as error:
        raise AccountError(f"the embedded AWS did not tell what was exercised: {error}; asked at {address}") from None
    return told


def lines(told: Counts) -> Iterator[str]:
    """The counts against their tables, a line for each kind."""
    from infra.local.precondition import preconditions
    from infra.local.rule import rules
    from infra.local.triggers import TRIGGERS

    asked, refused, fired = told["exercised"], told["tripped"], told["fired"]
    rows = preconditions()
    tried = sum(any(name in asked for name in row.raised) for row in rows)
    outcome = f"refused {sum(refused.values())} times{_named(refused)}" if refused else "refused nothing, as it should"
    yield (
        f"refusals  the embedded AWS asked {len(asked)} of its {len(rules())} rules, {sum(asked.values())} times, and "
        f"{outcome}; a test trips each rule"
    )
    yield f"triggers  {len(fired)} of {len(TRIGGERS)} kinds fired by themselves{_named(fired)}"
    yield f"preconditions  {tried} of AWS's {len(rows)} were tried by these rules; docs/embedded-aws.md lists all"


def _named(counted: Mapping[str, int]) -> str:
    return ": " + ", ".join(f"{name} {times}" for name, times in sorted(counted.items())) if counted else ""
