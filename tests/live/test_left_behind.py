"""What an update could not delete is named with the command that does, until it is gone."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.finding import Verdict
from infra.live.account import Account
from infra.live.left_behind import left_behind
from infra.local import faults
from infra.verification import STACKS, verify
from tests.live.remedies import commands, type_in
from tests.live.test_unsettled import NAME, SETTINGS, create, session, template, update

if TYPE_CHECKING:
    from infra.live.left_behind import LeftBehind

__all__ = ["session"]


def without_a(cloudformation: Any) -> None:
    written = json.loads(template("1"))
    del written["Resources"]["A"], written["Resources"]["B"]["DependsOn"]
    cloudformation.update_stack(StackName=NAME, TemplateBody=json.dumps(written))
    cloudformation.describe_stacks(StackName=NAME)


def found(session: Any) -> list[LeftBehind]:
    return list(left_behind(Account(session, SETTINGS.region), SETTINGS))


@pytest.fixture
def left(session: Any) -> Any:
    """The session, with a parameter that an update could not delete."""
    cloudformation = session.client("cloudformation")
    create(cloudformation)
    faults.order(f"delete {NAME}/A times=3")
    without_a(cloudformation)
    return session


def test_it_is_named_and_the_command_deletes_it(left: Any) -> None:
    (one,) = found(left)
    assert (one.stack, one.logical_id, one.type, one.id, one.unsure) == (NAME, "A", "AWS::SSM::Parameter", "/a", "")
    assert "by order of the embedded AWS's switch" in one.reason
    judgement = verify([left], SETTINGS, as_of=date(2026, 11, 24))
    (named,) = (each for each in judgement.judged if each.finding.control == STACKS)
    assert (named.verdict, named.finding.subject) == (Verdict.FAIL, f"{NAME}/A")
    assert "no longer in the stack" in named.finding.message
    (command,) = commands(str(named.finding.remedy))
    assert type_in(left, command) == "SUCCESS"
    with pytest.raises(left.client("ssm").exceptions.ParameterNotFound):
        left.client("ssm").get_parameter(Name="/a")
    assert found(left) == []
    judgement = verify([left], SETTINGS, as_of=date(2026, 11, 24))
    (settled,) = (each for each in judgement.judged if each.finding.control == STACKS)
    assert settled.verdict is Verdict.PASS


def test_what_someone_deleted_meanwhile_is_not_named(left: Any) -> None:
    left.client("ssm").delete_parameter(Name="/a")
    assert found(left) == []


def test_what_cannot_be_asked_is_named_all_the_same(left: Any) -> None:
    faults.order("call cloudcontrol/GetResource code=AccessDeniedException")
    (one,) = found(left)
    assert "AccessDeniedException" in one.unsure
    left.client("ssm").delete_parameter(Name="/a")
    assert found(left) == []


def test_what_a_stack_has_again_is_not_left_behind(left: Any) -> None:
    left.client("ssm").delete_parameter(Name="/a")
    update(left.client("cloudformation"))
    assert found(left) == []


def test_what_a_rollback_could_not_delete_is_named(session: Any) -> None:
    cloudformation = session.client("cloudformation")
    create(cloudformation)
    written = json.loads(template("2"))
    written["Resources"]["New"] = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Name": "/new", "Value": "1"},
    }
    written["Resources"]["B"]["DependsOn"] = ["A", "New"]
    faults.order(f"update {NAME}/B")
    faults.order(f"delete {NAME}/New times=3")
    cloudformation.update_stack(StackName=NAME, TemplateBody=json.dumps(written))
    assert cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    (one,) = found(session)
    assert one.id == "/new"
    (command,) = commands(one.remedy)
    assert type_in(session, command) == "SUCCESS"
    assert found(session) == []
