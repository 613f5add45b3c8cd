"""A preflight as JSON, in the shape that `preflight.schema.json` publishes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.preflight.item import State

if TYPE_CHECKING:
    from infra.preflight.run import Report, Result

SCHEMA = Path(__file__).with_name("preflight.schema.json")


def render(report: Report, *, how: bool = True) -> str:
    """One JSON object, items in their order; the calls are left out unless `how`."""
    return json.dumps(
        {
            "enclave": report.enclave,
            "account": report.account,
            "region": report.region,
            "endpoint": report.endpoint,
            "exit_code": report.exit_code,
            "counts": {str(state): report.count(state) for state in State},
            "preconditions": [_written(each, how) for each in report.results],
        },
        indent=2,
    )


def _written(result: Result, how: bool) -> dict[str, Any]:
    return {
        "id": result.item.id,
        "group": result.item.group,
        "title": result.item.title,
        "state": result.answer.state,
        "accepted": result.accepted,
        "said": result.answer.said,
        "remedy": result.answer.remedy,
        "source": result.item.source,
        "asked": [{"call": each.call, "said": each.said} for each in result.asked if how],
    }
