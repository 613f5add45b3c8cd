"""Fidelity: what the templates say is what the services tell, property by property."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.cloudformation import live, schemas
from infra.local.cloudformation.state import engines
from infra.settings import find, load
from tests.deployed.fidelity import Pairs, top_level

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.cloudformation.state import Resource, Stack

ROOT = Path(__file__).resolve().parents[2]


def drifts(world: Any) -> Iterator[dict[str, Any]]:
    """What CloudFormation's drift detection tells of every resource of the enclave."""
    cloudformation = world.client("cloudformation")
    for stack in cloudformation.describe_stacks()["Stacks"]:
        name = stack["StackId"]
        for resource in cloudformation.describe_stack_resources(StackName=name)["StackResources"]:
            yield cloudformation.detect_stack_resource_drift(
                StackName=name, LogicalResourceId=resource["LogicalResourceId"]
            )["StackResourceDrift"]


def declared(world: Any) -> dict[tuple[str, str], dict[str, Any]]:
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


def test_every_property_is_read_back_equal(world: Any, record_property: Any) -> None:
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


def made(world: Any) -> dict[str, tuple[Stack, Resource]]:
    """One resource of every type, as the engine remembers it."""
    engine = engines[world.settings.accounts.enclave][world.settings.region]
    return {
        resource.type_name: (stack, resource)
        for stack in engine.stacks.values()
        for resource in stack.resources.values()
    }


def test_what_is_read_back_comes_from_the_services_own_api(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.full
def test_moto_not_extended_reads_fewer_back_equal(assembly: Path, record_property: Any) -> None:
    settings = load(find("sandbox", ROOT))
    told = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.deployed.moto_alone",
            assembly,
            settings.accounts.enclave,
            settings.region,
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "MOTO_ACCOUNT_ID": settings.accounts.enclave,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()
    counted = re.search(r"(\d+) of (\d+) ", told)
    assert counted, told
    assert 0 < int(counted[1]) < int(counted[2]), told
    record_property("summary", told)
