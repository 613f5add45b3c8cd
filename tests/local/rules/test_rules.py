"""Every rule by two templates beside this file: one that it refuses, and one that differs in that alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moto.core.base_backend import BackendDict

from infra.local import server
from infra.local.cloudformation import operations
from infra.local.rule import rules, tripped

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    with server.start() as started:
        yield started


@pytest.fixture
def account(running: server.Server) -> server.Server:
    """An account where nothing is."""
    operations.wait(10)
    BackendDict.reset()
    tripped.clear()
    return running


def deploy(account: server.Server, template: Path) -> tuple[str, list[str]]:
    """Deploy a template: the stack's status, and the reasons of what failed."""
    stacks = account.client("cloudformation")
    stacks.create_stack(StackName="case", TemplateBody=template.read_text())
    status = stacks.describe_stacks(StackName="case")["Stacks"][0]["StackStatus"]
    events = stacks.describe_stack_events(StackName="case")["StackEvents"]
    return status, [event.get("ResourceStatusReason", "") for event in events if "FAILED" in event["ResourceStatus"]]


def test_every_template_belongs_to_a_rule() -> None:
    assert {path.name.rsplit(".", 2)[0] for path in HERE.glob("*.yaml")} == set(rules())


@pytest.mark.parametrize("name", rules())
def test_what_it_refuses_fails_the_deploy_with_its_error(account: server.Server, name: str) -> None:
    status, reasons = deploy(account, HERE / f"{name}.trips.yaml")
    assert status == "ROLLBACK_COMPLETE", reasons
    assert any(rules()[name].error in reason for reason in reasons), reasons
    assert tripped[name]


@pytest.mark.parametrize("name", rules())
def test_with_that_one_thing_right_it_deploys(account: server.Server, name: str) -> None:
    status, reasons = deploy(account, HERE / f"{name}.passes.yaml")
    assert status == "CREATE_COMPLETE", reasons
    assert not tripped[name]
