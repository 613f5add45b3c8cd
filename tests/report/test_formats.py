"""Both formats tell the whole of a judgement, and the JSON keeps to its schema."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

from infra.controls.finding import Finding, Verdict
from infra.controls.judgement import Judgement, judge
from infra.posture.values import Source
from infra.report import json as json_format
from infra.report import text as text_format
from infra.settings import Assumption, Waiver

EXPIRES = {"owner": "ops", "expires": "2027-01-01"}
SOURCE = Source("t.json", "Vpc", "E/Vpc")
FINDINGS = (
    Finding("NET-05", Verdict.FAIL, "net/Vpc", "block is off", "Mode: off", "turn it on", SOURCE),
    Finding("NET-03", Verdict.UNKNOWN, "net/Vpc", "no template says"),
    Finding("EVD-01", Verdict.FAIL, "archive/Logs", "not locked"),
    Finding("GRD-01", Verdict.PASS, "inference/Guardrail", "holds"),
)


@pytest.fixture
def judgement() -> Judgement:
    waiver = Waiver.model_validate(
        {"control": "EVD-01", "subject": "archive/Logs", "reason": "AWS forbids it", **EXPIRES}
    )
    assumption = Assumption.model_validate({"id": "dns", "control": "NET-03", "statement": "as AWS has it", **EXPIRES})
    known = ["NET-05", "NET-03", "EVD-01", "GRD-01"]
    return judge(FINDINGS, waivers=[waiver], assumptions=[assumption], known=known, as_of=date(2026, 11, 24))


def test_json_keeps_to_its_schema(judgement: Judgement) -> None:
    written = json.loads(json_format.render(judgement, title="check"))
    jsonschema.validate(written, json.loads(json_format.SCHEMA.read_text()))
    assert written["verdict"] == "fail"
    assert written["findings"][0] == {
        "control": "NET-05",
        "verdict": "fail",
        "subject": "net/Vpc",
        "message": "block is off",
        "witness": "Mode: off",
        "remedy": "turn it on",
        "source": {"template": "t.json", "logical_id": "Vpc", "construct_path": "E/Vpc"},
    }
    assert [each["control"] for each in written["findings"] if "waived" in each] == ["EVD-01"]
    assert [each["control"] for each in written["findings"] if "assumed" in each] == ["NET-03"]


def test_text_shows_what_is_open_and_what_was_accepted(judgement: Judgement) -> None:
    text = text_format.render(judgement, title="check")
    opened, accepted = text.split("accepted")
    assert "FAIL NET-05  net/Vpc" in opened
    assert "witness: Mode: off" in opened
    assert "EVD-01" not in opened
    assert "AWS forbids it" in accepted
    assert "NET: 1 of 2 hold" in accepted
    assert text.endswith("check: falls short, as of 2026-11-24")


def test_text_counts_a_judge_under_its_own_name() -> None:
    found = [Finding("cfn-lint", Verdict.PASS, "templates", "0"), Finding("cdk-nag/IAM5", Verdict.FAIL, "a/B", "wide")]
    lines = text_format.render(judge(found, known=[], as_of=date(2026, 11, 24)), title="check").splitlines()
    assert {"cdk-nag: 0 of 1 hold", "cfn-lint: 1 of 1 hold"} <= set(lines)
