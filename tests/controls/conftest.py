"""A control tried on a small template: the default enclave's settings, resources as the test writes them."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.framework import controls, run
from infra.controls.judgement import judge
from infra.posture.template.files import Template
from infra.posture.template.read import posture_of
from infra.posture.values import Place
from infra.settings import Enclave, load

if TYPE_CHECKING:
    from infra.controls.finding import Finding

ROOT = Path(__file__).resolve().parents[2]
PLACE = Place("111122223333", "us-gov-west-1")
AS_OF = date(2026, 11, 24)
Resources = dict[str, Any]


@dataclass(frozen=True)
class Trial:
    """What one control said of one template."""

    findings: tuple[Finding, ...]
    verdict: str

    def messages(self, verdict: str = "fail") -> list[str]:
        return [finding.message for finding in self.findings if finding.verdict == verdict]


Try = Callable[..., Trial]


@pytest.fixture(scope="session")
def settings() -> Enclave:
    return load(ROOT / "enclaves" / "sandbox.yaml")


@pytest.fixture(scope="session")
def attempt(settings: Enclave) -> Try:
    """`attempt("NET-05", resources, Parameters=…)`: the control's verdict on a template of one stack."""

    def attempted(control: str, resources: Resources, *, settings: Enclave = settings, **sections: Any) -> Trial:
        template = Template("stack", "stack.template.json", PLACE, {"Resources": resources, **sections})
        chosen = [each for each in controls() if each.id == control]
        findings = run(posture_of((template,)), settings, chosen)
        return Trial(findings, judge(findings, known=[control], as_of=AS_OF).verdict)

    return attempted


@pytest.fixture(scope="session")
def edited() -> Callable[..., Resources]:
    """`edited(resources, {"Vpc.Properties.X": 1, "Bucket.DeletionPolicy": None, "New": {…}})`: a changed copy.

    None takes the entry away; a number in a path is a place in a list.
    """

    def changed(resources: Resources, edits: Mapping[str, Any]) -> Resources:
        result = copy.deepcopy(resources)
        for path, value in edits.items():
            *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
            holder: Any = result
            for part in parents:
                holder = holder[part]
            if value is None:
                del holder[last]
            else:
                holder[last] = value
        return result

    return changed
