"""The default enclave deployed on an embedded AWS inside the test process, once per module, by CloudFormation's API.

A test that changes it does so in a forked child (`forked`), so that the next test finds it as it was deployed.
"""

import json
import os
import pickle
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.deployment.artifact import bucket_of, named, store
from infra.deployment.furnished import STAND_IN, furnish
from infra.settings import Enclave, find, load

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 11, 24)
BUCKET = "templates-of-the-test"
SECONDS_AT_MOST = 120


@dataclass(frozen=True)
class World:
    """The deployed enclave: its settings, its assembly, and a session on its account."""

    settings: Enclave
    assembly: Path
    session: Any

    def client(self, service: str) -> Any:
        return self.session.client(service)

    def physical_id(self, stack: str, logical_id_start: str, type_name: str | None = None) -> str:
        """The one resource of a stack whose logical id starts so."""
        told = self.client("cloudformation").describe_stack_resources(StackName=f"{self.settings.name}-{stack}")
        found = [
            r["PhysicalResourceId"]
            for r in told["StackResources"]
            if r["LogicalResourceId"].startswith(logical_id_start) and type_name in (None, r["ResourceType"])
        ]
        assert len(found) == 1, (logical_id_start, found)
        return str(found[0])

    def of_type(self, type_name: str) -> list[str]:
        """The physical ids of every resource of a type, in every stack of the enclave."""
        cloudformation = self.client("cloudformation")
        return [
            r["PhysicalResourceId"]
            for stack in cloudformation.describe_stacks()["Stacks"]
            for r in cloudformation.describe_stack_resources(StackName=stack["StackId"])["StackResources"]
            if r["ResourceType"] == type_name
        ]


def deploy(session: Any, assembly: Path, without: Sequence[str] = ()) -> None:
    """Create the assembly's stacks in the order of their dependencies, as the CLI would, without the CLI.

    `without` names stacks to leave out.
    """
    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    stacks = {name: a for name, a in manifest.items() if a["type"] == "aws:cloudformation:stack"}
    done: set[str] = set()
    while len(done) < len(stacks):
        for name, artifact in stacks.items():
            if name not in done and not set(artifact.get("dependencies", ())) & (stacks.keys() - done):
                if artifact["properties"]["stackName"] not in without:
                    _create(session, assembly, artifact["properties"])
                done.add(name)


def import_weights(session: Any) -> None:
    """Store the artefact that the default enclave's settings name, as `sallyport models import` does."""
    settings = load(find("sandbox", ROOT))
    weights = named(ROOT / STAND_IN, settings)
    store(session.client("s3"), bucket_of(session, settings), weights.path, weights.sha256)


def _create(session: Any, assembly: Path, properties: dict[str, Any]) -> None:
    status, failed = create(session, properties, json.loads((assembly / properties["templateFile"]).read_text()))
    if status != "CREATE_COMPLETE":
        pytest.fail(f"{properties['stackName']} is {status}: {failed}")


def create(
    session: Any, properties: dict[str, Any], template: dict[str, Any], *, imports: bool = True
) -> tuple[str, list[str]]:
    """Create a stack of the assembly with this template: what becomes of it, and the reasons of what failed.

    Once Foundation stands, the hosted model's artefact is stored, unless `imports` is false.
    """
    s3, cloudformation = session.client("s3"), session.client("cloudformation")
    key = properties["templateFile"]
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template).encode())
    name = properties["stackName"]
    cloudformation.create_stack(
        StackName=name,
        TemplateURL=f"https://{BUCKET}.s3.{session.region_name}.amazonaws.com/{key}",
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": k, "Value": v} for k, v in properties.get("tags", {}).items()],
        EnableTerminationProtection=properties.get("terminationProtection", False),
    )
    until = time.monotonic() + SECONDS_AT_MOST
    while (status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("_PROGRESS"):
        assert time.monotonic() < until, f"{name} is still {status}"
    if imports and name.endswith("-foundation") and status == "CREATE_COMPLETE":
        import_weights(session)
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    return status, [e.get("ResourceStatusReason", "") for e in events if e["ResourceStatus"].endswith("FAILED")]


def prepared(session: Any) -> None:
    """An account as the CDK's bootstrap leaves it, as far as these tests go, with what an enclave needs of it."""
    session.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": session.region_name}
    )
    session.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="33")
    furnish(session, load(find("sandbox", ROOT)))


@pytest.fixture(scope="module")
def world(assembly: Path) -> Iterator[World]:
    """The default enclave, as deployed, its keeper's first run done; taken down after the module's last test."""
    from infra.deployment.bring_up import wait_for_keeper
    from infra.local.server import in_process

    settings = load(find("sandbox", ROOT))
    with in_process(settings.accounts.enclave):
        session = boto3.Session(region_name=settings.region, aws_access_key_id="test", aws_secret_access_key="test")
        prepared(session)
        deploy(session, assembly)
        wait_for_keeper(session)
        yield World(settings, assembly, session)


def forked(work: Callable[[], Any]) -> Any:
    """What `work` returns, done in a copy of this process that then ends: nothing it changes is seen here."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            outcome: tuple[bool, Any] = (True, work())
        except BaseException:
            outcome = (False, traceback.format_exc())
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    worked, result = pickle.loads(told)
    if not worked:
        pytest.fail(str(result))
    return result
