"""Drift is what differs between templates and account, and not what a guardrail leaves behind on purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from infra import verification
from infra.posture.aws.bedrock import GuardrailVersion
from infra.posture.model import Posture, Stack
from infra.posture.values import Place, Ref, Source

COMMON: dict[str, Any] = {"place": Place("111122223333", "us-gov-west-1"), "source": Source()}
STACK = Stack(ref=Ref("sandbox-network"), id="sandbox-network", termination_protection=True, **COMMON)


def version(ref: str, number: str) -> GuardrailVersion:
    return GuardrailVersion(
        ref=Ref(ref),
        id=ref,
        guardrail_id="{sandbox-inference/Guardrail}",
        version=number,
        description="",
        retained=True,
        content=None,
        **COMMON,
    )


DECLARED = Posture(stacks=(STACK,), guardrail_versions=(version("sandbox-inference/Version", "{…}"),))


@pytest.mark.parametrize(
    ("standing", "subjects"),
    [
        (DECLARED, ["sandbox"]),
        (replace(DECLARED, stacks=(replace(STACK, termination_protection=False),)), ["sandbox-network"]),
        (replace(DECLARED, stacks=()), ["sandbox-network"]),
        (replace(DECLARED, guardrail_versions=()), ["sandbox-inference/Version"]),
        (replace(DECLARED, guardrail_versions=(*DECLARED.guardrail_versions, version("gr|1", "1"))), ["sandbox"]),
    ],
)
def test_drift(standing: Posture, subjects: list[str]) -> None:
    class Settings:
        name = "sandbox"

    findings = list(verification._drift(DECLARED, standing, Settings()))  # type: ignore[arg-type]  # only the name is read
    assert [each.subject for each in findings] == subjects
    assert all((each.verdict == "pass") == (subjects == ["sandbox"]) for each in findings)
