"""One embedded AWS for each module of the engine's tests, emptied before each test."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.core.base_backend import BackendDict

from infra.local import server
from infra.local.cloudformation import operations
from infra.local.resource_type import Refused, resource_types
from tests.local.engine.templates import NO_WAY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    """The server, for one module: other tests of this process switch its clock off when they end."""
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

    def delete(self, name: str, **extra: Any) -> dict[str, Any]:
        """Delete a stack and wait; how it stands then."""
        arn = self.stands(name)["StackId"]
        self.api.delete_stack(StackName=name, **extra)
        return self.stands(arn)

    def plan(self, name: str, template: Any, kind: str = "UPDATE", **extra: Any) -> dict[str, Any]:
        """Make a change set called `plan`; what it says."""
        self.api.create_change_set(
            StackName=name, ChangeSetName="plan", ChangeSetType=kind, TemplateBody=text(template), **extra
        )
        told: dict[str, Any] = self.api.describe_change_set(
            StackName=name, ChangeSetName="plan", IncludePropertyValues=True
        )
        return told

    def value(self, parameter: str) -> str | None:
        """What a parameter of Parameter Store says; None if it is not there."""
        ssm = self.server.client("ssm")
        found = ssm.get_parameters(Names=[parameter])["Parameters"]
        return found[0]["Value"] if found else None


def text(template: Any) -> str:
    """The template as the API takes it."""
    return template if isinstance(template, str) else json.dumps(template)


@pytest.fixture
def stacks(running: server.Server) -> Stacks:
    """CloudFormation in an account where nothing is."""
    operations.wait(10)
    BackendDict.reset()
    return Stacks(running)


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets a type refuse one verb, for resources whose value is NO_WAY."""

    def refuse(verb: str, type_name: str = "AWS::SSM::Parameter") -> None:
        kind = type(resource_types()[type_name])
        own = getattr(kind, verb)

        def refused(self: Any, *arguments: Any) -> Any:
            properties = arguments[{"create": 0, "update": 2, "delete": 1}[verb]]
            if properties.get("Value") == NO_WAY:
                raise Refused("AccessDeniedException", f"{verb} is not for you")
            return own(self, *arguments)

        monkeypatch.setattr(kind, verb, refused)

    return refuse
