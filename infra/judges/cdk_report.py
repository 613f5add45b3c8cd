"""The judges that need the CDK, run over bare templates in one child process: its validation, cdk-nag, cdk-preflight.

Each template is included into a fresh App, so construct acknowledgements are gone; the child writes CDK's
validation report, which the judges' files read. The report leaves out a plugin that found nothing, which
cannot be told from one that never ran: so the child adds a canary stack that every judge must object to.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from infra.judges.template import JudgeError, Objection, Template

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CANARY = "Canary"
_one_child = Lock()


def violations(templates: Sequence[Template], plugin: str) -> Iterator[Objection]:
    """What one plugin reported. Raises JudgeError if the child failed or the plugin let the canary pass."""
    with _one_child:
        report = _report(tuple((t.account, t.region, json.dumps(t.body, sort_keys=True)) for t in templates))
    stacks = {f"S{number}": template.stack for number, template in enumerate(templates)}
    found = [
        (violation, *construct["constructPath"].split("/T/", 1))
        for reported in report["pluginReports"]
        if reported["pluginName"] == plugin
        for violation in reported["violations"]
        for construct in violation["violatingConstructs"]
    ]
    if not any(place[0] == CANARY for _, *place in found):
        raise JudgeError(f"{plugin} passed a template that it must object to, so its silence means nothing")
    for violation, stack, *logical_id in found:
        if stack != CANARY:
            yield Objection(
                plugin,
                violation["ruleName"],
                stacks[stack.split("/")[0]],
                logical_id[0] if logical_id else "",
                violation["description"],
            )


@cache
def _report(templates: tuple[tuple[str, str, str], ...]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, _, body) in enumerate(templates):
            Path(folder, f"S{number}.json").write_text(body)
        environments = json.dumps([(account, region) for account, region, _ in templates])
        child = subprocess.run(
            [sys.executable, "-m", "infra.judges.cdk_child", folder, environments],
            capture_output=True,
            text=True,
            check=False,
        )
        written = Path(folder, "out", "validation-report.json")
        if child.returncode != 0 or not written.exists():
            raise JudgeError(f"the CDK's judges ended with {child.returncode}: {child.stderr.strip()[-2000:]}")
        report: dict[str, Any] = json.loads(written.read_text())
        return report
