"""One embedded AWS for all tests of the engine, emptied before each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def running() -> Iterator[server.Server]:
    """The server, for the whole session."""
    with server.start() as started:
        yield started


class Stacks:
    """CloudFormation as a client sees it, with the words that tests repeat."""

    def __init__(self, running: server.Server) -> None:
        self.server = running
        self.api = running.client("cloudformation")

    def create(self, name: str, template: Any, **extra: Any) -> dict[str, Any]:
        """Create a stack and wait; how it stands then."""
        self.api.create_stack(StackName=name, TemplateBody=text(template), **extra)
        return self.stands(name)

    def update(self, name: str, template: Any, **extra: Any) -> dict[str, Any]:
        """Update a stack and wait; how it stands then."""
        self.api.update_stack(StackName=name, TemplateBody=text(template), **extra)
        return self.stands(name)

    def stands(self, name: str) -> dict[str, Any]:
        """The stack, once nothing is in progress: the API itself holds the answer back."""
        told: dict[str, Any] = self.api.describe_stacks(StackName=name)["Stacks"][0]
        return told

    def events(self, name: str) -> list[tuple[str, str, str]]:
        """Logical id, status and reason of every event, oldest first."""
        told = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return [(e["LogicalResourceId"], e["ResourceStatus"], e.get("ResourceStatusReason", "")) for e in told[::-1]]

    def physical(self, name: str) -> dict[str, str]:
        """Physical ids by logical id."""
        told = self.api.describe_stack_resources(StackName=name)["StackResources"]
        return {r["LogicalResourceId"]: r.get("PhysicalResourceId", "") for r in told}

    def value(self, parameter: str) -> str | None:
        """What a parameter of Parameter Store says; None if it is not there."""
        ssm = self.server.client("ssm")
        found = ssm.get_parameters(Names=[parameter])["Parameters"]
        return found[0]["Value"] if found else None


def text(template: Any) -> str:
    """The template as the API takes it."""
    return template if isinstance(template, str) else json.dumps(template)


@pytest.fixture
def stacks(running: server.Server) -> Iterator[Stacks]:
    """CloudFormation in an account where nothing is."""
    from moto.core.base_backend import BackendDict

    from infra.local.cloudformation import operations

    operations.wait(10)
    BackendDict.reset()
    return Stacks(running)
