"""The enclave's own templates with one thing taken away are refused by the rule that guards it, and by no other.

The enclave is deployed stack by stack; before a stack is deployed as it is, every case whose first edit lies in it is
tried in a copy of the process (`forked`).
"""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.local.precondition import not_in_the_enclave
from infra.local.rule import rules, tripped
from infra.settings import find, load
from tests.deployed.conftest import ROOT, create, forked, prepared
from tests.deployed.taken_away import STACKS, Case, cases, edited

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASES = cases()
SAMPLE = 4
SECONDS_AT_MOST = 20
SAMPLED = random.Random(20261124).sample(CASES, min(SAMPLE, len(CASES)))
"""What `make test` tries; the long run tries all."""


class Growing:
    """The enclave, deployed stack by stack, each once."""

    def __init__(self, session: Any, assembly: Path) -> None:
        self.session, self.assembly, self.deployed = session, assembly, 0
        artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"]
        self.stacks = {
            artifact["properties"]["stackName"].rsplit("-", 1)[1]: artifact["properties"]
            for artifact in artifacts.values()
            if artifact["type"] == "aws:cloudformation:stack"
        }

    def template(self, stack: str) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.assembly / self.stacks[stack]["templateFile"]).read_text())
        return read

    def up_to(self, number: int) -> None:
        """Deploy what comes before this stack as it was synthesised."""
        while self.deployed < number:
            stack = STACKS[self.deployed]
            status, reasons = create(self.session, self.stacks[stack], self.template(stack))
            assert status == "CREATE_COMPLETE", reasons
            self.deployed += 1

    def refused(self, case: Case) -> tuple[str, list[str], bool]:
        """The last stack's status, the reasons of what failed, and whether the rule refused."""
        tripped.clear()
        status, reasons = "", [""]
        for number in range(case.first, case.last + 1):
            stack = STACKS[number]
            template = self.template(stack)
            edited(template, [edit for edit in case.edits if edit["stack"] == stack])
            try:
                status, reasons = create(self.session, self.stacks[stack], template, imports=case.stored)
            except ClientError as refused:  # before anything is made
                status, reasons = "ROLLBACK_COMPLETE", [str(refused)]
            if number < case.last:
                assert status == "CREATE_COMPLETE", (stack, reasons)
        if case.by_call:
            self.run_state_machines(case)
        return status, reasons, bool(tripped[case.rule])

    def run_state_machines(self, case: Case) -> None:
        """Run what would be started in time by a schedule, and wait until the rule refuses one of its calls."""
        states = self.session.client("stepfunctions")
        for machine in states.list_state_machines()["stateMachines"]:
            states.start_execution(stateMachineArn=machine["stateMachineArn"])
        until = time.monotonic() + SECONDS_AT_MOST
        while not tripped[case.rule] and time.monotonic() < until:
            time.sleep(0.05)


@pytest.fixture(scope="module")
def growing(assembly: Path) -> Iterator[Growing]:
    from infra.local.server import in_process

    settings = load(find("sandbox", ROOT))
    with in_process(settings.accounts.enclave):
        session = boto3.Session(region_name=settings.region, aws_access_key_id="test", aws_secret_access_key="test")
        prepared(session)
        yield Growing(session, assembly)


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=c.name, marks=() if c in SAMPLED else pytest.mark.full) for c in CASES]
)
def test_without_it_the_enclave_is_refused(growing: Growing, case: Case) -> None:
    growing.up_to(case.first)
    status, reasons, refused = forked(lambda: growing.refused(case))
    assert refused, (status, reasons)
    assert status == ("CREATE_COMPLETE" if case.by_call else "ROLLBACK_COMPLETE"), reasons
    assert case.by_call or any(rules()[case.rule].error in reason for reason in reasons), reasons


def test_every_rule_is_tried_on_the_enclave_or_says_why_not() -> None:
    tried = {case.rule for case in CASES}
    assert tried <= set(rules())
    assert tried & set(not_in_the_enclave()) == set()
    assert set(rules()) - tried - set(not_in_the_enclave()) == set()
