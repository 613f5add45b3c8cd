"""The summary counts controls by family, judges as judges and drift as neither, and says what fell short."""

from __future__ import annotations

from datetime import date
from io import StringIO

from rich.console import Console

from infra.controls.finding import Finding, Verdict
from infra.controls.judgement import judge
from infra.report.summary import SHOWN_AT_MOST, families, show

FINDINGS = (
    Finding("NET-03", Verdict.PASS, "net/Vpc", "blocks"),
    Finding("NET-03", Verdict.UNKNOWN, "net/Vpc", "no template says"),
    Finding("NET-05", Verdict.PASS, "net/Vpc", "is off"),
    Finding("cfn-lint", Verdict.PASS, "templates", "0 accepted"),
    Finding("NIST.800.53.R5/S3", Verdict.FAIL, "a/B", "wide"),
    Finding("drift", Verdict.PASS, "sandbox", "as the templates say"),
)


def test_one_bad_finding_spoils_its_control_and_no_other() -> None:
    found = [
        Finding("NET-05", Verdict.PASS, "a", "holds"),
        Finding("NET-05", Verdict.FAIL, "b", "does not"),
        Finding("NET-06", Verdict.PASS, "a", "holds"),
        Finding("cfn-lint/E3002", Verdict.FAIL, "a", "wrong"),
        Finding("drift", Verdict.UNKNOWN, "a", "who knows"),
        Finding("stacks", Verdict.FAIL, "a", "half done"),
    ]
    counted = families(judge(found, known=[], as_of=date(2026, 11, 24)))
    assert counted["NET"] == {Verdict.PASS: 1, Verdict.FAIL: 1}
    assert counted["judges"] == {Verdict.FAIL: 1}
    assert counted["drift"] == {Verdict.UNKNOWN: 1}
    assert counted["stacks"] == {Verdict.FAIL: 1}


def summary(*findings: Finding) -> list[str]:
    written = StringIO()
    judgement = judge(findings, known=[], as_of=date(2026, 11, 24))
    show(
        Console(file=written, width=80),
        enclave="sandbox",
        target="here",
        templates=(),
        gate=judgement,
        live=None,
        seconds={"gate": 1.5},
        exercised=("refusals  1 of 2",),
        limits=("data planes",),
        reports=("build/check.txt",),
    )
    return written.getvalue().splitlines()


def test_the_summary_says_what_fell_short() -> None:
    lines = summary(*FINDINGS)
    assert "gate     FALLS SHORT NIST.800.53.R5/S3  a/B: wide" in lines
    assert "gate     UNKNOWN NET-03  net/Vpc: no template says" in lines
    assert lines.index("refusals  1 of 2") < lines.index("not emulated  data planes")
    assert lines[-2:] == ["gate     FALLS SHORT", "live     not deployed"]


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = summary(*(Finding("NET-05", Verdict.FAIL, f"vpc {n}", "open") for n in range(SHOWN_AT_MOST + 3)))
    assert "gate     and 3 more, see the reports" in lines
    assert sum(line.startswith("gate     FALLS SHORT NET-05") for line in lines) == SHOWN_AT_MOST
