"""Stacks left half done are named with the way out; each state is made by the server's switch, each way out is gone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from typer.testing import CliRunner

from infra.controls.finding import Verdict
from infra.live.account import Account
from infra.live.unsettled import unsettled
from infra.local import faults, server
from infra.settings import find, load
from infra.verification import STACKS, verify
from scripts.main import app
from tests.live.remedies import GONE, commands, type_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.live.unsettled import Unsettled

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load(find("sandbox", ROOT))
NAME = "sandbox-network"


def template(value: str) -> str:
    def parameter(name: str, **beside: Any) -> dict[str, Any]:
        properties = {"Type": "String", "Name": name, "Value": value}
        return {"Type": "AWS::SSM::Parameter", "Properties": properties, **beside}

    return json.dumps({"Resources": {"A": parameter("/a"), "B": parameter("/b", DependsOn="A")}})


@pytest.fixture
def session() -> Iterator[Any]:
    with server.in_process(SETTINGS.accounts.enclave):
        faults.clear()
        yield boto3.Session(region_name=SETTINGS.region, aws_access_key_id="test", aws_secret_access_key="test")
        faults.clear()


def create(cloudformation: Any, **extra: Any) -> None:
    cloudformation.create_stack(StackName=NAME, TemplateBody=template("1"), **extra)
    cloudformation.describe_stacks(StackName=NAME)


def update(cloudformation: Any, **extra: Any) -> None:
    cloudformation.update_stack(StackName=NAME, TemplateBody=template("2"), **extra)
    cloudformation.describe_stacks(StackName=NAME)


def create_failed(cloudformation: Any) -> None:
    faults.order(f"create {NAME}/B")
    create(cloudformation, DisableRollback=True)


def rollback_complete(cloudformation: Any) -> None:
    faults.order(f"create {NAME}/B")
    create(cloudformation)


def rollback_complete_and_protected(cloudformation: Any) -> None:
    faults.order(f"create {NAME}/B")
    create(cloudformation, EnableTerminationProtection=True)


def rollback_failed(cloudformation: Any) -> None:
    faults.order(f"delete {NAME}/A")
    rollback_complete(cloudformation)


def review(cloudformation: Any) -> None:
    cloudformation.create_change_set(
        StackName=NAME, ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=template("1")
    )


def update_failed(cloudformation: Any) -> None:
    create(cloudformation)
    faults.order(f"update {NAME}/B")
    update(cloudformation, DisableRollback=True)


def update_rollback_failed(cloudformation: Any) -> None:
    create(cloudformation)
    faults.order(f"update {NAME}/B times=2")
    update(cloudformation)


def delete_failed(cloudformation: Any) -> None:
    create(cloudformation)
    faults.order(f"delete {NAME}/A")
    cloudformation.delete_stack(StackName=NAME)
    cloudformation.describe_stacks(StackName=NAME)


# how the state is made, its name, what is stuck, and where each command of the remedy leads
STATES: list[tuple[Callable[[Any], None], str, list[str], list[str | None]]] = [
    (create_failed, "CREATE_FAILED", ["B"], ["ROLLBACK_COMPLETE"]),
    (rollback_complete, "ROLLBACK_COMPLETE", [], [GONE]),
    (rollback_complete_and_protected, "ROLLBACK_COMPLETE", [], ["ROLLBACK_COMPLETE", GONE]),
    (rollback_failed, "ROLLBACK_FAILED", ["A"], [GONE]),
    (review, "REVIEW_IN_PROGRESS", [], [GONE]),
    (update_failed, "UPDATE_FAILED", ["B"], ["UPDATE_ROLLBACK_COMPLETE"]),
    (update_rollback_failed, "UPDATE_ROLLBACK_FAILED", ["B"], ["UPDATE_ROLLBACK_COMPLETE"] * 2),
    (delete_failed, "DELETE_FAILED", ["A"], [GONE] * 2),
]
SAMPLED = (rollback_complete_and_protected, update_rollback_failed)  # the rest takes as long again for each
WITH_IDS = pytest.mark.parametrize(
    ("make", "status", "stuck", "leads"),
    [pytest.param(*s, id=s[0].__name__, marks=() if s[0] in SAMPLED else pytest.mark.full) for s in STATES],
)


def found(session: Any) -> Unsettled:
    (one,) = unsettled(Account(session, SETTINGS.region), SETTINGS)
    return one


@WITH_IDS
def test_a_stack_that_is_left_half_done_is_named_with_what_failed(
    session: Any, make: Callable[[Any], None], status: str, stuck: list[str], leads: list[str | None]
) -> None:
    make(session.client("cloudformation"))
    told = found(session)
    assert (told.name, told.status, [each.logical_id for each in told.resources]) == (NAME, status, stuck)
    assert all("by order of the embedded AWS's switch" in each.reason for each in told.resources)
    assert len(commands(told.remedy)) == len(leads), told.remedy
    judgement = verify([session], SETTINGS, as_of=date(2026, 11, 24))
    assert (judgement.verdict, judgement.exit_code) == (Verdict.FAIL, 1)
    named = [each.finding for each in judgement.judged if each.finding.control == STACKS]
    assert {each.subject for each in named} == {NAME, *(f"{NAME}/{logical_id}" for logical_id in stuck)}
    assert told.remedy in {each.remedy for each in named}


@pytest.mark.parametrize("which", [0, 1])
@WITH_IDS
def test_each_way_out_is_gone(
    session: Any,
    make: Callable[[Any], None],
    status: str,
    stuck: list[str],
    leads: list[str | None],
    which: int,
) -> None:
    make(session.client("cloudformation"))
    typed = commands(found(session).remedy)
    if which >= len(typed):
        pytest.skip("there is one way out")
    # unprotecting is the first half of one way, any other two are two ways
    for number in range(which + 1) if "update-termination-protection" in typed[0] else (which,):
        assert type_in(session, typed[number]) == leads[number]


def test_what_a_rollback_left_standing_is_named_by_its_id(session: Any) -> None:
    cloudformation = session.client("cloudformation")
    retained = json.loads(template("1"))
    retained["Resources"]["A"]["DeletionPolicy"] = "Retain"
    faults.order(f"create {NAME}/B")
    cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(retained), EnableTerminationProtection=True)
    cloudformation.describe_stacks(StackName=NAME)
    assert [(each.logical_id, each.id) for each in found(session).left] == [("A", "/a")]
    judgement = verify([session], SETTINGS, as_of=date(2026, 11, 24))
    (told,) = (each.finding for each in judgement.judged if each.finding.control == STACKS)
    assert told.witness.endswith(": AWS::SSM::Parameter /a")


def test_a_settled_stack_is_no_finding_but_that(session: Any) -> None:
    create(session.client("cloudformation"))
    assert list(unsettled(Account(session, SETTINGS.region), SETTINGS)) == []
    judgement = verify([session], SETTINGS, as_of=date(2026, 11, 24))
    (settled,) = (each for each in judgement.judged if each.finding.control == STACKS)
    assert settled.verdict is Verdict.PASS


def test_a_stack_at_work_is_unknown(session: Any) -> None:
    from infra.local.cloudformation.state import engines

    create(session.client("cloudformation"))
    engine = engines[SETTINGS.accounts.enclave][SETTINGS.region]
    next(iter(engine.stacks.values())).status = "UPDATE_ROLLBACK_IN_PROGRESS"
    told = found(session)
    assert told.in_progress
    (command,) = commands(told.remedy)
    waiter = command.split()[3].replace("-", "_")
    assert waiter in session.client("cloudformation").waiter_names
    judgement = verify([session], SETTINGS, as_of=date(2026, 11, 24))
    assert [each.verdict for each in judgement.judged if each.finding.control == STACKS] == [Verdict.UNKNOWN]


@pytest.mark.parametrize("form", [pytest.param("text", marks=pytest.mark.full), "json"])
def test_the_command_prints_the_way_out(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with server.start(account=SETTINGS.accounts.enclave, region=SETTINGS.region) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        update_rollback_failed(running.client("cloudformation"))
        ran = CliRunner().invoke(app, ["verify", "--format", form])
    assert ran.exit_code == 1
    told = json.loads(ran.stdout)["findings"] if form == "json" else []
    printed = " ".join(each["remedy"] for each in told) if told else ran.stdout
    wanted = f"aws cloudformation continue-update-rollback --stack-name {NAME} --region {SETTINGS.region}"
    assert f"`{wanted}`" in printed
    assert f"`{wanted} --resources-to-skip B`" in printed
    assert f"{NAME}/B" in ran.stdout
