"""What an owner has ordered for a made stack is done before anybody is told of it, and never fails the stack."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from infra.local import clients, standing_orders
from tests.local.engine.templates import output, parameter, ref, template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.local.engine.conftest import Stacks


@pytest.fixture(autouse=True)
def _no_orders() -> Iterator[None]:
    yield
    standing_orders.clear()


def test_it_is_done_once_the_stack_is_made_and_for_no_other(stacks: Stacks) -> None:
    def copy(account: str, region: str, outputs: Mapping[str, str]) -> None:
        ssm = clients.client("ssm", account, region)
        ssm.put_parameter(Name="/ordered", Type="String", Value=outputs["Name"], Overwrite=False)

    standing_orders.order("two", copy)
    named = {"Outputs": {"Name": output(ref("P"))}}
    wanted = {**template(P=parameter("x", "/there")), **named}
    stacks.create("one", template(Q=parameter("x", "/other")))
    assert stacks.value("/ordered") is None
    assert stacks.create("two", wanted)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.value("/ordered") == "/there"
    stacks.update("two", {**template(P=parameter("y", "/there")), **named})  # not done again


def test_what_goes_wrong_is_logged_and_nothing_to_the_stack(stacks: Stacks, caplog: pytest.LogCaptureFixture) -> None:
    def wrong(_account: str, _region: str, outputs: Mapping[str, str]) -> None:
        raise KeyError(outputs["Absent"])

    standing_orders.order("one", wrong)
    with caplog.at_level(logging.ERROR):
        assert stacks.create("one", template(P=parameter("x")))["StackStatus"] == "CREATE_COMPLETE"
    assert "what was ordered for stack one could not be done" in caplog.text


def test_it_is_done_at_once_for_a_stack_that_stands_already(stacks: Stacks) -> None:
    """An embedded AWS that was killed is ordered anew when it goes on, perhaps too late for the stack's own end."""
    stacks.create("one", template(P=parameter("x")))
    done: list[str] = []
    standing_orders.order("one", lambda _account, region, _outputs: done.append(region))
    standing_orders.order("two", lambda _account, region, _outputs: done.append(region))
    assert len(done) == 1
