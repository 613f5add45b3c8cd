"""A judgement to read in a terminal: what falls short first, by family, then what is unknown, then what holds."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from infra.controls.finding import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.controls.judgement import Judged, Judgement

_WORDS = {Verdict.PASS: "holds", Verdict.FAIL: "falls short", Verdict.UNKNOWN: "is unknown"}
_MARKS = {Verdict.FAIL: "FAIL", Verdict.UNKNOWN: "UNKNOWN"}


def render(judgement: Judgement, *, title: str) -> str:
    """The judgement as lines of text, without colour."""
    return "\n".join(_lines(judgement, title))


def _lines(judgement: Judgement, title: str) -> Iterator[str]:
    for error in judgement.errors:
        yield f"error: {error}"
    open_findings = [each for each in judgement.judged if each.verdict is not Verdict.PASS]
    for family, judged in groupby(sorted(open_findings, key=_place), key=_family):
        yield f"\n{family}"
        for each in judged:
            yield from _finding(each)
    settled = [each for each in judgement.judged if each.waiver or each.assumption]
    if settled:
        yield "\naccepted"
        yield from (_settled(each) for each in settled)
    for expired in judgement.expired:
        yield f"\nassumption {expired.id} expired on {expired.expires} and no longer counts"
    yield ""
    yield from _summary(judgement)
    yield f"{title}: {_WORDS[judgement.verdict]}, as of {judgement.as_of}"


def _family(judged: Judged) -> str:
    """NET for NET-05; a judge's own name for the judge and its rules, cfn-lint for cfn-lint/E3002."""
    name = judged.finding.control.split("/")[0]
    family, _, number = name.rpartition("-")
    return family if family and number.isdigit() else name


def _place(judged: Judged) -> tuple[str, tuple[int, str, str, str]]:
    return _family(judged), judged.finding.order


def _finding(judged: Judged) -> Iterator[str]:
    finding = judged.finding
    yield f"  {_MARKS[judged.verdict]} {finding.control}  {finding.subject}"
    yield f"      {finding.message}"
    for name, value in (
        ("witness", finding.witness),
        ("remedy", finding.remedy),
        ("at", str(finding.source) if finding.source.template else ""),
    ):
        if value:
            yield f"      {name}: {value}"


def _settled(judged: Judged) -> str:
    finding = judged.finding
    if judged.waiver:
        reason = f"waived until {judged.waiver.expires} by {judged.waiver.owner}: {judged.waiver.reason}"
    elif judged.assumption:
        assumption = judged.assumption
        reason = f"assumed until {assumption.expires} ({assumption.id}, {assumption.owner}): {assumption.statement}"
    else:
        reason = ""
    return f"  {finding.control}  {finding.subject}: {finding.message}\n      {reason}"


def _summary(judgement: Judgement) -> Iterator[str]:
    """How many controls of each family hold."""
    by_family: dict[str, dict[str, set[Verdict]]] = {}
    for each in judgement.judged:
        by_family.setdefault(_family(each), {}).setdefault(each.finding.control, set()).add(each.verdict)
    for family, controls in sorted(by_family.items()):
        holding = [name for name, verdicts in sorted(controls.items()) if verdicts == {Verdict.PASS}]
        yield f"{family}: {len(holding)} of {len(controls)} hold"
