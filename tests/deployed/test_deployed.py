"""The default enclave as deployed: it holds, is as its templates say, and turns red when it is weakened.

One file for all: they share one deployment.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.finding import Verdict
from infra.controls.framework import controls
from infra.local.cloudformation import live, schemas
from infra.local.cloudformation.state import engines
from infra.verification import verify
from tests.deployed.conftest import AS_OF, World, forked
from tests.deployed.fidelity import Pairs, top_level
from tests.deployed.weakenings import WEAKENINGS, Weaken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.controls.judgement import Judgement
    from infra.local.cloudformation.state import Resource, Stack


@pytest.fixture(scope="module")
def verified(world: World) -> Judgement:
    """The judgement on the enclave as deployed. What it looked up first is known to every forked child after it."""
    return verify([world.session], world.settings, as_of=AS_OF, assembly=world.assembly)


def test_every_control_holds_live(verified: Judgement) -> None:
    assert [
        (j.finding.control, j.finding.subject, j.finding.message) for j in verified.judged if j.verdict != Verdict.PASS
    ] == []
    assert verified.exit_code == 0


def test_the_live_posture_equals_the_templates(world: World, verified: Judgement) -> None:
    drift = [(j.finding.subject, j.finding.message) for j in verified.judged if j.finding.control == "drift"]
    assert drift == [(world.settings.name, "the account is as the templates say")]


def drifts(world: World) -> Iterator[dict[str, Any]]:
    """What CloudFormation's drift detection tells of every resource of the enclave."""
    cloudformation = world.client("cloudformation")
    for stack in cloudformation.describe_stacks()["Stacks"]:
        name = stack["StackId"]
        for resource in cloudformation.describe_stack_resources(StackName=name)["StackResources"]:
            yield cloudformation.detect_stack_resource_drift(
                StackName=name, LogicalResourceId=resource["LogicalResourceId"]
            )["StackResourceDrift"]


def declared(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """Every resource of the assembly's templates, by stack and logical id."""
    manifest = json.loads((world.assembly / "manifest.json").read_text())["artifacts"]
    return {
        (artifact["properties"]["stackName"], name): resource
        for artifact in manifest.values()
        if artifact["type"] == "aws:cloudformation:stack"
        for name, resource in json.loads((world.assembly / artifact["properties"]["templateFile"]).read_text())[
            "Resources"
        ].items()
    }


def test_every_property_is_read_back_equal(world: World, record_property: Any) -> None:
    pairs, seen = Pairs(), set()
    templates = declared(world)
    for told in drifts(world):
        where = (told["StackId"].split("/")[1], told["LogicalResourceId"])
        kind, expected = told["ResourceType"], json.loads(told["ExpectedProperties"])
        said = schemas.without(templates[where].get("Properties", {}), schemas.write_only(kind, world.settings.region))
        assert expected.keys() == said.keys(), where  # nothing that the template says is left out of the count
        gone = told["StackResourceDriftStatus"] in ("DELETED", "UNKNOWN")
        pairs.add("/".join(where), kind, expected, expected if gone else top_level(told["PropertyDifferences"]))
        seen.add(where)
    assert seen == templates.keys()
    assert pairs.differing == {}
    record_property("summary", f"embedded AWS, default enclave: {pairs}")


def made(world: World) -> dict[str, tuple[Stack, Resource]]:
    """One resource of every type, as the engine remembers it."""
    engine = engines[world.settings.accounts.enclave][world.settings.region]
    return {
        resource.type_name: (stack, resource)
        for stack in engine.stacks.values()
        for resource in stack.resources.values()
    }


def test_what_is_read_back_comes_from_the_services_own_api(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local import clients

    asked: list[str] = []
    answered = clients.client

    def listening(service: str, account: str, region: str) -> Any:
        asked.append(service)
        return answered(service, account, region)

    monkeypatch.setattr(clients, "client", listening)
    for kind, (stack, resource) in made(world).items():
        asked.clear()
        assert live.read(stack, resource), kind
        assert asked, f"{kind} was read without asking a service"


@pytest.mark.parametrize(("control", "weaken"), WEAKENINGS, ids=[f"{c}-{w.__name__}" for c, w in WEAKENINGS])
@pytest.mark.usefixtures("verified")
def test_weakening_turns_the_control_red(control: str, weaken: Weaken, world: World) -> None:
    def weakened() -> set[str]:
        weaken(world)
        judgement = verify([world.session], world.settings, as_of=AS_OF)
        return {each.finding.control for each in judgement.judged if each.verdict is Verdict.FAIL}

    assert control in forked(weakened)


def test_every_control_is_weakened() -> None:
    assert {control for control, _ in WEAKENINGS} == {control.id for control in controls()}
