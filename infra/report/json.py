"""A judgement as JSON, in the shape that `check.schema.json` publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.controls.judgement import Judged, Judgement

SCHEMA = Path(__file__).with_name("check.schema.json")


def render(judgement: Judgement, *, title: str) -> str:
    """The judgement as one JSON object, findings in their order, failures first."""
    return json.dumps(
        {
            "verdict": judgement.verdict,
            "title": title,
            "as_of": judgement.as_of.isoformat(),
            "errors": list(judgement.errors),
            "expired_assumptions": [each.id for each in judgement.expired],
            "findings": [_finding(each) for each in judgement.judged],
        },
        indent=2,
    )


def _finding(judged: Judged) -> dict[str, Any]:
    finding, source = judged.finding, judged.finding.source
    written: dict[str, Any] = {
        "control": finding.control,
        "verdict": finding.verdict,
        "subject": finding.subject,
        "message": finding.message,
        "witness": finding.witness,
        "remedy": finding.remedy,
        "source": {
            "template": source.template,
            "logical_id": source.logical_id,
            "construct_path": source.construct_path,
        },
    }
    if judged.waiver:
        waiver = judged.waiver
        written["waived"] = {"reason": waiver.reason, "owner": waiver.owner, "expires": waiver.expires.isoformat()}
    if judged.assumption:
        assumed = judged.assumption
        written["assumed"] = {"id": assumed.id, "owner": assumed.owner, "expires": assumed.expires.isoformat()}
    return written
