"""The summary counts controls by family, the worst of a control's findings deciding."""

from datetime import date

from infra.controls.finding import Finding, Verdict
from infra.controls.judgement import judge
from infra.report.summary import families


def test_one_bad_finding_spoils_its_control_and_no_other() -> None:
    found = [
        Finding("NET-05", Verdict.PASS, "a", "holds"),
        Finding("NET-05", Verdict.FAIL, "b", "does not"),
        Finding("NET-06", Verdict.PASS, "a", "holds"),
        Finding("cfn-lint/E3002", Verdict.FAIL, "a", "wrong"),
        Finding("drift", Verdict.UNKNOWN, "a", "who knows"),
    ]
    counted = families(judge(found, known=[], as_of=date(2026, 11, 24)))
    assert counted["NET"] == {Verdict.PASS: 1, Verdict.FAIL: 1}
    assert counted["judges"] == {Verdict.FAIL: 1}
    assert counted["drift"] == {Verdict.UNKNOWN: 1}
