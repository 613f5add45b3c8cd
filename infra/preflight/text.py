"""A preflight to read in a terminal: what stands in the way first, each with its remedy; what is verified by name."""

from __future__ import annotations

from itertools import groupby
from textwrap import shorten
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from infra.preflight.item import State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.preflight.run import Report, Result

WORDS = {State.REFUTED: "REFUTED", State.UNVERIFIED: "UNVERIFIED"}
AT_MOST = 500  # characters of what an account said
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def render(report: Report, *, how: bool = False) -> str:
    """Lines of text, without colour; `how` adds the calls of every item."""
    return "\n".join(_lines(report, how))


def _lines(report: Report, how: bool) -> Iterator[str]:
    for group, results in groupby(report.results, key=lambda each: each.item.group):
        listed = list(results)
        verified = [each for each in listed if each.answer.state is State.VERIFIED]
        names = ", ".join(each.item.id for each in verified)
        yield f"{group:<11} verified: {names or 'nothing'}"
        for each in verified if how else ():
            yield f"  {each.item.id}: {each.answer.said}"
            yield from _calls(each)
        for each in listed:
            if each not in verified:
                yield from _open(each, how)
    yield ""
    stand_in = "" if _is_aws(report.endpoint) else ", which is not AWS: what only AWS can answer is not answered"
    yield f"asked {report.endpoint}{stand_in}"
    yield f"enclave {report.enclave}, account {report.account} in {report.region}: {summary(report)}"


def summary(report: Report) -> str:
    """`n verified, m unverified`, with what is refuted or accepted where there is any."""
    counted = [f"{report.count(State.VERIFIED)} verified"]
    if report.count(State.REFUTED):
        counted.append(f"{report.count(State.REFUTED)} refuted")
    accepted = sum(each.accepted for each in report.results)
    counted.append(f"{report.count(State.UNVERIFIED)} unverified{f' ({accepted} accepted)' if accepted else ''}")
    return ", ".join(counted)


def open_lines(report: Report) -> Iterator[str]:
    """What stands in the way, or was accepted, alone."""
    for each in report.results:
        if each.answer.state is not State.VERIFIED:
            yield from _open(each, how=False)


def _open(result: Result, how: bool) -> Iterator[str]:
    mark = "accepted" if result.accepted else WORDS[result.answer.state]
    said = result.answer.said if how else shorten(result.answer.said, AT_MOST, placeholder=" … (all of it with --how)")
    yield f"  {mark} {result.item.id}: {said}"
    if result.answer.remedy:
        yield f"      remedy: {result.answer.remedy}"
    if how:
        yield from _calls(result)


def _calls(result: Result) -> Iterator[str]:
    for each in result.asked:
        yield f"      {each.call}: {each.said}"


def _is_aws(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname not in LOOPBACK
