"""What an update has done with is deleted at its end, in three attempts; what then stays is left behind, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infra.local import faults
from infra.local.cloudformation.deletion import ATTEMPTS, LEFT_BEHIND
from tests.local.engine.templates import template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.engine.conftest import Stacks


def parameter(value: str, name: str) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": name, "Value": value}}


BOTH = template(A=parameter("1", "/a"), B=parameter("1", "/b"))
WITHOUT_A = template(B=parameter("1", "/b"))
RENAMED = template(A=parameter("1", "/another"), B=parameter("1", "/b"))
UNMADE = template(A=parameter("1", "/another"), B={**parameter("2", "/b"), "DependsOn": "A"})


@pytest.fixture(autouse=True)
def _nothing_fails() -> Iterator[None]:
    faults.clear()
    yield
    faults.clear()


def failures(stacks: Stacks) -> int:
    return sum(each[:2] == ("A", "DELETE_FAILED") for each in stacks.events("one"))


@pytest.mark.parametrize("after", [WITHOUT_A, RENAMED], ids=["removed", "replaced"])
@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_what_fails_less_often_than_it_is_tried_is_gone(stacks: Stacks, after: Any, times: int) -> None:
    stacks.create("one", BOTH)
    faults.order(f"delete one/A times={times}")
    told = stacks.update("one", after)
    assert (told["StackStatus"], told.get("StackStatusReason")) == ("UPDATE_COMPLETE", None)
    assert (failures(stacks), stacks.value("/a")) == (times, None)


@pytest.mark.parametrize("after", [WITHOUT_A, RENAMED], ids=["removed", "replaced"])
def test_what_fails_as_often_as_it_is_tried_is_left_behind(stacks: Stacks, after: Any) -> None:
    stacks.create("one", BOTH)
    faults.order(f"delete one/A times={ATTEMPTS}")
    told = stacks.update("one", after)
    assert (told["StackStatus"], told["StackStatusReason"]) == ("UPDATE_COMPLETE", LEFT_BEHIND)
    assert (failures(stacks), stacks.value("/a")) == (ATTEMPTS, "1")
    assert "/a" not in stacks.physical("one").values()
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/a") == "1"


def test_what_a_rollback_cannot_delete_is_left_behind(stacks: Stacks) -> None:
    stacks.create("one", BOTH)
    faults.order("update one/B")
    faults.order(f"delete one/A times={ATTEMPTS}")
    told = stacks.update("one", UNMADE)
    assert (told["StackStatus"], told["StackStatusReason"]) == ("UPDATE_ROLLBACK_COMPLETE", LEFT_BEHIND)
    assert (stacks.value("/a"), stacks.value("/another")) == ("1", "1")
    assert stacks.physical("one") == {"A": "/a", "B": "/b"}


def test_a_stack_is_not_gone_while_something_of_a_failed_update_stands(stacks: Stacks) -> None:
    stacks.create("one", BOTH)
    faults.order("update one/B times=2")
    assert stacks.update("one", UNMADE, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    assert stacks.value("/another") == "1"
    stacks.delete("one")
    assert (stacks.value("/a"), stacks.value("/another")) == (None, None)
