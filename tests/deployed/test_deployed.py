"""The default enclave as deployed: it holds, and its live posture is the posture of its templates."""

from typing import Any

from infra.controls.finding import Verdict
from infra.verification import verify


def test_every_control_holds_live(world: Any, as_of: Any) -> None:
    judgement = verify([world.session], world.settings, as_of=as_of)
    assert [
        (j.finding.control, j.finding.subject, j.finding.message) for j in judgement.judged if j.verdict != Verdict.PASS
    ] == []
    assert judgement.exit_code == 0


def test_the_live_posture_equals_the_templates(world: Any, as_of: Any) -> None:
    judgement = verify([world.session], world.settings, as_of=as_of, assembly=world.assembly)
    drift = [(j.finding.subject, j.finding.message) for j in judgement.judged if j.finding.control == "drift"]
    assert drift == [(world.settings.name, "the account is as the templates say")]
