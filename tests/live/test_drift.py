"""Drift is what differs between templates and account, and not what a guardrail leaves behind on purpose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from infra import verification
from infra.posture.aws.bedrock import GuardrailVersion
from infra.posture.difference import Difference
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
        account_baseline = True

    findings = list(verification._drift(DECLARED, standing, Settings()))  # type: ignore[arg-type]  # only these two are read
    assert [each.subject for each in findings] == subjects
    assert all((each.verdict == "pass") == (subjects == ["sandbox"]) for each in findings)


@pytest.mark.parametrize(("owner", "drifts"), [(True, True), (False, False)])
def test_the_baseline_of_another_enclave_is_no_drift(owner: bool, drifts: bool) -> None:
    class Settings:
        name = "sandbox"
        account_baseline = owner

    found = [
        Difference("enforced_guardrails", "config", "", None, "it", Source()),
        Difference("vpcs", "sandbox-network/Vpc", "block_public_access", "off", "block-bidirectional", Source()),
    ]
    ours = [
        Difference("enforced_guardrails", "sandbox-inference/Enforced", "", "it", None, Source()),
        Difference("vpcs", "sandbox-network/Vpc", "cidrs", "a", "b", Source()),
    ]
    of_another = [not verification._of_another(each, Settings()) for each in found]  # type: ignore[arg-type]  # as above
    assert of_another == [drifts, drifts]
    assert not any(verification._of_another(each, Settings()) for each in ours)  # type: ignore[arg-type]  # as above
