"""Waivers and assumptions settle exactly what they name, while they last."""

from __future__ import annotations

from datetime import date

import pytest

from infra.controls.finding import Finding, Verdict
from infra.controls.judgement import Judgement, judge
from infra.posture.values import Source
from infra.settings import Assumption, Waiver

TODAY = date(2026, 11, 24)
FAILS = Finding("NET-05", Verdict.FAIL, "net/Vpc", "off", source=Source("t.json", "Vpc", "Sandbox/Network/Vpc"))
UNKNOWN = Finding("NET-03", Verdict.UNKNOWN, "net/Vpc", "no template says")
HOLDS = Finding("NET-06", Verdict.PASS, "net/Vpc", "holds")
KNOWN = ("NET-03", "NET-05", "NET-06")


def waiver(control: str = "NET-05", subject: str = "net/Vpc", expires: date = TODAY) -> Waiver:
    given = {"control": control, "subject": subject, "reason": "known", "owner": "ops"}
    return Waiver.model_validate({**given, "expires": expires.isoformat()})


def assumption(control: str = "NET-03", subject: str | None = None, expires: date = TODAY) -> Assumption:
    given = {"id": "a", "control": control, "subject": subject, "statement": "so", "owner": "ops"}
    return Assumption.model_validate({**given, "expires": expires.isoformat()})


def judged(*findings: Finding, waivers: tuple[Waiver, ...] = (), assumptions: tuple[Assumption, ...] = ()) -> Judgement:
    return judge(findings, waivers=waivers, assumptions=assumptions, known=KNOWN, as_of=TODAY)


@pytest.mark.parametrize(
    ("findings", "verdict", "code"),
    [
        ((HOLDS,), "pass", 0),
        ((HOLDS, UNKNOWN), "unknown", 1),
        ((UNKNOWN, FAILS, HOLDS), "fail", 1),
        ((), "fail", 1),
    ],
)
def test_the_worst_finding_decides(findings: tuple[Finding, ...], verdict: str, code: int) -> None:
    result = judged(*findings)
    assert (result.verdict, result.exit_code) == (verdict, code)


@pytest.mark.parametrize("subject", ["net/Vpc", "Sandbox/Network/Vpc"])
def test_a_waiver_counts_on_its_last_day_by_identity_or_path(subject: str) -> None:
    result = judged(FAILS, HOLDS, waivers=(waiver(subject=subject),))
    assert (result.verdict, result.exit_code) == ("pass", 0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (waiver(control="NET-99"), "no control NET-99"),
        (waiver(subject="net/Other"), "says nothing about it, allowed net/Vpc"),
        (waiver(expires=date(2026, 11, 23)), "expired on 2026-11-23"),
    ],
)
def test_a_wrong_waiver_is_an_error_and_settles_nothing(wrong: Waiver, says: str) -> None:
    result = judged(FAILS, HOLDS, waivers=(wrong,))
    assert says in result.errors[0]
    assert (result.verdict, result.exit_code) == ("fail", 2)


def test_a_waiver_does_not_reach_another_control() -> None:
    other = Finding("NET-06", Verdict.FAIL, "net/Vpc", "no flow log")
    assert judged(FAILS, other, waivers=(waiver(),)).verdict == "fail"


def test_an_assumption_covers_what_is_unknown() -> None:
    assert judged(UNKNOWN, HOLDS, assumptions=(assumption(),)).verdict == "pass"


@pytest.mark.parametrize(
    ("finding", "assumed"),
    [
        (UNKNOWN, assumption(expires=date(2026, 11, 23))),
        (UNKNOWN, assumption(subject="net/Other")),
        (UNKNOWN, assumption(control="NET-06")),
        (FAILS, assumption(control="NET-05")),
    ],
)
def test_an_assumption_covers_nothing_else(finding: Finding, assumed: Assumption) -> None:
    assert judged(finding, assumptions=(assumed,)).verdict == finding.verdict


def test_an_assumption_about_no_control_is_an_error() -> None:
    assert judged(HOLDS, assumptions=(assumption(control="NET-99"),)).exit_code == 2
