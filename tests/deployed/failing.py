"""The default enclave's stacks, brought up one by one by CloudFormation's API, with one resource failing once."""

from __future__ import annotations

import json
import random
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3

from infra.live.account import Account
from infra.live.read import NoEnclave, read
from infra.local import faults
from infra.local.cloudformation import live, operations, schemas
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.state import engines
from infra.settings import find, load
from tests.deployed.conftest import BUCKET, ROOT, import_weights, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from infra.local.cloudformation.state import Resource, Stack
    from infra.posture.model import Posture

SEED = 20261124
SETTINGS = load(find("sandbox", ROOT))


@dataclass(frozen=True)
class Written:
    """A stack as the assembly has it."""

    name: str
    url: str
    resources: tuple[str, ...]
    tags: Mapping[str, str]
    protected: bool


class Enclave:
    """The account, and the stacks to make there, each after those it needs."""

    def __init__(self, assembly: Path) -> None:
        self.session = boto3.Session(
            region_name=SETTINGS.region, aws_access_key_id="test", aws_secret_access_key="test"
        )
        s3, region = self.session.client("s3"), SETTINGS.region
        prepared(self.session)
        self.api = self.session.client("cloudformation")
        self.stacks: dict[str, Written] = {}
        manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
        left = {name: each for name, each in manifest.items() if each["type"] == "aws:cloudformation:stack"}
        while left:
            name = next(name for name, each in left.items() if not set(each.get("dependencies", ())) & left.keys())
            told = left.pop(name)["properties"]
            key = told["templateFile"]
            s3.put_object(Bucket=BUCKET, Key=key, Body=(assembly / key).read_bytes())
            self.stacks[told["stackName"]] = Written(
                told["stackName"],
                f"https://{BUCKET}.s3.{region}.amazonaws.com/{key}",
                tuple(sorted(json.loads((assembly / key).read_text())["Resources"])),
                told.get("tags", {}),
                told.get("terminationProtection", False),
            )

    def stand(self, *names: str) -> None:
        """Create those of these stacks that are missing, and delete all others."""
        told = self.api.describe_stacks()["Stacks"]
        there = {each["StackName"] for each in told}
        for name in reversed(self.stacks):
            if name in there - set(names):
                assert self.delete(name) == "DELETE_COMPLETE", name
        for name in names:
            if name not in there:
                assert self.create(name) == "CREATE_COMPLETE", name
        operations.wait(10)

    def create(self, name: str) -> str:
        """Create the stack; how it stands then."""
        status = self._go("create_stack", name, self.stacks[name].tags)
        if name.endswith("-foundation") and status == "CREATE_COMPLETE":
            import_weights(self.session)
        return status

    def update(self, name: str, **tags: str) -> str:
        """Update the stack so that every resource which takes tags changes; how it stands then."""
        return self._go("update_stack", name, {**self.stacks[name].tags, **tags})

    def delete(self, name: str) -> str:
        """Delete the stack; how it stands then."""
        arn = self.api.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        self.api.delete_stack(StackName=arn)
        return self.stands(arn)

    def stands(self, name: str) -> str:
        """The stack's status, once nothing is in progress."""
        while (status := self.api.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("IN_PROGRESS"):
            pass  # the answer is held back
        return str(status)

    def posture(self) -> Posture | None:
        """What stands, as it is judged; None before there is a stack."""
        try:
            return read([Account(self.session, SETTINGS.region)], SETTINGS)
        except NoEnclave:
            return None

    def resources(self, name: str) -> Iterator[tuple[Stack, Resource]]:
        """The resources that the newest stack of this name has, or had."""
        stack = [s for s in engines[SETTINGS.accounts.enclave][SETTINGS.region].stacks.values() if s.name == name][-1]
        for resource in stack.resources.values():
            if resource.physical_id:
                yield stack, resource

    def left(self, name: str) -> dict[str, str]:
        """What still stands of a stack that is gone: logical ids, and the policy they were left by."""
        return {
            resource.logical_id: resource.declared.deletion_policy
            for stack, resource in self.resources(name)
            if _standing(stack, resource)
        }

    def taggable(self, name: str) -> tuple[str, ...]:
        """The resources of a stack that stands which take tags."""
        return tuple(
            sorted(r.logical_id for _, r in self.resources(name) if schemas.taggable(r.type_name, SETTINGS.region))
        )

    def deletable(self, name: str) -> tuple[str, ...]:
        """The resources of a stack that stands which go with it."""
        return tuple(sorted(r.logical_id for _, r in self.resources(name) if r.declared.deletion_policy != "Retain"))

    def told(self, name: str) -> dict[str, Any]:
        """Every resource of a stack, as its service tells it."""
        return {resource.logical_id: live.read(stack, resource) for stack, resource in self.resources(name)}

    def _go(self, verb: str, name: str, tags: Mapping[str, str]) -> str:
        getattr(self.api, verb)(
            StackName=name,
            TemplateURL=self.stacks[name].url,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Tags=[{"Key": key, "Value": value} for key, value in sorted(tags.items())],
        )
        return self.stands(name)


def _standing(stack: Stack, resource: Resource) -> bool:
    try:
        return live.read(stack, resource) is not None
    except Failed:  # what it belonged to is gone
        return False


@contextmanager
def failing(line: str) -> Iterator[faults.Fault]:
    """Let what the line tells fail meanwhile."""
    faults.clear()
    try:
        yield faults.order(line)
    finally:
        faults.clear()


def sampled(stack: str, names: tuple[str, ...], count: int) -> list[str]:
    """As many of the names, the same with every run; all if there are no more."""
    return sorted(random.Random(f"{SEED}{stack}").sample(names, min(count, len(names))))


def when(name: str) -> str:
    """Whether this resource fails before or after its service has done its part."""
    return random.Random(f"{SEED}{name}").choice(["", " after"])
