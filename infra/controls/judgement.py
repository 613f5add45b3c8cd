"""The verdict over all findings, once waivers and assumptions are applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.controls.finding import Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from infra.settings import Assumption, Waiver

EXIT_CODES = {Verdict.PASS: 0, Verdict.FAIL: 1, Verdict.UNKNOWN: 1}
"""0 holds, 1 falls short or is unknown; wrong input, 2, never gets as far as a verdict."""
WRONG_INPUT = 2


@dataclass(frozen=True, slots=True)
class Judged:
    """One finding, and the waiver or assumption that settles it."""

    finding: Finding
    waiver: Waiver | None = None
    assumption: Assumption | None = None

    @property
    def verdict(self) -> Verdict:
        """What counts."""
        return Verdict.PASS if self.waiver or self.assumption else self.finding.verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings, each settled or not; the errors of waivers and assumptions; the verdict."""

    judged: tuple[Judged, ...]
    as_of: date
    errors: tuple[str, ...] = ()
    expired: tuple[Assumption, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Fail if anything falls short, else unknown if anything is, else pass; no finding at all is a failure."""
        verdicts = {each.verdict for each in self.judged}
        for worst in (Verdict.FAIL, Verdict.UNKNOWN):
            if worst in verdicts:
                return worst
        return Verdict.PASS if verdicts else Verdict.FAIL

    @property
    def exit_code(self) -> int:
        """2 where the waivers are wrong, whatever else was found."""
        return WRONG_INPUT if self.errors else EXIT_CODES[self.verdict]


def judge(
    findings: Iterable[Finding],
    *,
    waivers: Collection[Waiver] = (),
    assumptions: Collection[Assumption] = (),
    known: Collection[str],
    as_of: date,
) -> Judgement:
    """Apply what the enclave's settings accept to what was found.

    `known` are the ids that a waiver or assumption may name; `as_of` is the day that decides what has expired: a
    waiver or assumption counts on its last day. A waiver settles findings of its control about its subject (its
    identity or construct path) that fall short or are unknown; an assumption settles unknown ones only.
    """
    found = tuple(findings)
    errors = [error for waiver in waivers for error in _wrong(waiver, found, known, as_of)]
    errors += [
        f"assumption {each.id}: no control {each.control}, allowed {_listed(known)}"
        for each in assumptions
        if each.control not in known
    ]
    valid = [waiver for waiver in waivers if not any(_wrong(waiver, found, known, as_of))]
    standing = [each for each in assumptions if as_of <= each.expires]
    return Judgement(
        judged=tuple(_settle(finding, valid, standing) for finding in found),
        as_of=as_of,
        errors=tuple(errors),
        expired=tuple(each for each in assumptions if as_of > each.expires),
    )


def _settle(finding: Finding, waivers: Collection[Waiver], assumptions: Collection[Assumption]) -> Judged:
    if finding.verdict is Verdict.PASS:
        return Judged(finding)
    for waiver in waivers:
        if waiver.control == finding.control and _is_about(finding, waiver.subject):
            return Judged(finding, waiver=waiver)
    if finding.verdict is Verdict.UNKNOWN:
        for assumption in assumptions:
            if assumption.control == finding.control and (
                assumption.subject is None or _is_about(finding, assumption.subject)
            ):
                return Judged(finding, assumption=assumption)
    return Judged(finding)


def _is_about(finding: Finding, subject: str) -> bool:
    return subject in (finding.subject, finding.source.construct_path)


def _wrong(waiver: Waiver, found: tuple[Finding, ...], known: Collection[str], as_of: date) -> list[str]:
    """What is wrong with a waiver, in the settings' own terms."""
    name = f"waiver of {waiver.control} for {waiver.subject}"
    if waiver.control not in known:
        return [f"{name}: no control {waiver.control}, allowed {_listed(known)}"]
    if as_of > waiver.expires:
        return [f"{name}: expired on {waiver.expires}, and today is {as_of}; renew or remove it in waivers"]
    subjects = sorted({each.subject for each in found if each.control == waiver.control})
    if not any(each.control == waiver.control and _is_about(each, waiver.subject) for each in found):
        return [f"{name}: {waiver.control} says nothing about it, allowed {_listed(subjects)}"]
    return []


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
