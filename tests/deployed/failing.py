"""The default enclave's stacks, brought up one by one by CloudFormation's API, with one resource failing once."""

from __future__ import annotations

import json
import os
import random
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from unittest.mock import patch

import boto3
import pytest

from infra.live.account import Account
from infra.live.read import NoEnclave, read
from infra.local import faults
from infra.local.clock import CLOCK
from infra.local.cloudformation import live, operations, schemas
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.state import engines
from infra.settings import find, load
from tests.deployed.conftest import BUCKET, ROOT, import_weights, prepared
from tests.deployed.inventory import inventory, make_ready

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from infra.local.cloudformation.state import Resource, Run, Stack
    from infra.posture.model import Posture

SEED = 20261124
SETTINGS = load(find("sandbox", ROOT))
STACKS = [f"sandbox-{part}" for part in ("archive", "foundation", "network", "inference", "access", "hosting")]
"""Each after those it needs."""


@dataclass(frozen=True)
class Written:
    """A stack as the assembly has it."""

    name: str
    template: Mapping[str, Any]
    tags: Mapping[str, str]
    protected: bool

    @property
    def resources(self) -> Mapping[str, Any]:
        """What the template declares, by logical id."""
        return self.template["Resources"]  # type: ignore[no-any-return]  # a template is read from JSON


class Enclave:
    """The account, and the stacks to make there, each after those it needs.

    Its operations are done by the time the API's answer is there, in the caller's own thread, and nothing fires by
    itself meanwhile: whatever is there afterwards is CloudFormation's doing. So a copy of the process can go on where
    an operation stands.
    """

    def __init__(self, assembly: Path) -> None:
        CLOCK.stop()
        make_ready(SETTINGS.accounts.enclave, SETTINGS.region)
        self.session = boto3.Session(
            region_name=SETTINGS.region, aws_access_key_id="test", aws_secret_access_key="test"
        )
        prepared(self.session)
        self.api = self.session.client("cloudformation")
        manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
        told = {each["properties"]["stackName"]: each["properties"] for each in manifest if _is_stack(each)}
        assert set(told) == set(STACKS)
        self.stacks = {
            name: Written(
                name,
                json.loads((assembly / told[name]["templateFile"]).read_text()),
                told[name].get("tags", {}),
                told[name].get("terminationProtection", False),
            )
            for name in STACKS
        }
        self.account = Account(self.session, SETTINGS.region)

    def stand(self, *names: str) -> None:
        """Create those of these stacks that are missing, and delete all others."""
        there = {each["StackName"] for each in self.api.describe_stacks()["Stacks"]}
        for name in reversed(self.stacks):
            if name in there - set(names):
                assert self.delete(name) == "DELETE_COMPLETE", name
        for name in names:
            if name not in there:
                assert self.create(name) == "CREATE_COMPLETE", (name, self.reasons(name))

    def create(self, name: str) -> str:
        """Create the stack; how it stands then."""
        status = self._go("create_stack", name, self.stacks[name].template, self.stacks[name].tags)
        if name.endswith("-foundation") and status == "CREATE_COMPLETE":
            import_weights(self.session)
        return status

    def update(self, name: str, template: Mapping[str, Any] | None = None, **tags: str) -> str:
        """Update the stack to this template, if not its own, and with these tags more; how it stands then."""
        written = self.stacks[name]
        return self._go("update_stack", name, template or written.template, {**written.tags, **tags})

    def delete(self, name: str, **how: Any) -> str:
        """Delete the stack; how it stands then."""
        arn = self.api.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
        with _at_once():
            self.api.delete_stack(StackName=arn, **how)
        return self.stands(arn)

    def stands(self, name: str) -> str:
        """The stack's status."""
        return str(self.api.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])

    def reasons(self, name: str) -> list[str]:
        """Why what failed in a stack has failed, the last first."""
        events = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return [
            f"{each['LogicalResourceId']} {each['ResourceStatus']}: {each.get('ResourceStatusReason', '')}"
            for each in events
            if each["ResourceStatus"].endswith("FAILED")
        ]

    def posture(self) -> Posture | None:
        """What stands, as it is judged; None before there is a stack."""
        try:
            return read([self.account], SETTINGS)
        except NoEnclave:
            return None

    def resources(self, name: str) -> Iterator[tuple[Stack, Resource]]:
        """The resources that the newest stack of this name has, or had."""
        stack = [s for s in engines[SETTINGS.accounts.enclave][SETTINGS.region].stacks.values() if s.name == name][-1]
        for resource in stack.resources.values():
            if resource.physical_id:
                yield stack, resource

    def left(self, name: str) -> dict[str, Resource]:
        """What still stands of a stack that is gone, by logical id."""
        return {r.logical_id: r for stack, r in self.resources(name) if _standing(stack, r)}

    def told(self, name: str, only: Collection[str] = ()) -> dict[str, Any]:
        """Every resource of a stack, as its service tells it, but for what the service alone sets: times, numbers.

        `only` those of these logical ids, if there are any.
        """
        return {
            resource.logical_id: (
                resource.physical_id,
                schemas.without(
                    live.read(stack, resource) or {"is": "gone"}, schemas.read_only(resource.type_name, stack.region)
                ),
            )
            for stack, resource in self.resources(name)
            if not only or resource.logical_id in only
        }

    def _go(self, verb: str, name: str, template: Mapping[str, Any], tags: Mapping[str, str]) -> str:
        key = f"{name}.json"
        self.session.client("s3").put_object(Bucket=BUCKET, Key=key, Body=json.dumps(template).encode())
        with _at_once():
            getattr(self.api, verb)(
                StackName=name,
                TemplateURL=f"https://{BUCKET}.s3.{SETTINGS.region}.amazonaws.com/{key}",
                Capabilities=["CAPABILITY_NAMED_IAM"],
                Tags=[{"Key": key, "Value": value} for key, value in sorted(tags.items())],
            )
        return self.stands(name)


def _is_stack(artifact: Mapping[str, Any]) -> bool:
    return str(artifact["type"]) == "aws:cloudformation:stack"


@contextmanager
def _at_once() -> Iterator[None]:
    """Let operations be done in the thread that asks for them."""

    def start(run: Run, body: Callable[..., None], *arguments: Any) -> None:
        body(run, *arguments)

    with patch.object(operations, "start", start):
        yield


def _standing(stack: Stack, resource: Resource) -> bool:
    try:
        return live.read(stack, resource) is not None
    except Failed:  # what it belonged to is gone
        return False


def beyond(before: frozenset[str], ids: Iterable[str] = ()) -> list[str]:
    """What the services hold more than before, beside what has these physical ids, or less."""
    kept = {part for each in ids for part in (each, each.rpartition("/")[2])}
    now = inventory()
    more = (f"more: {way}" for way in now - before if not any(part in way for part in kept))
    return sorted([*more, *(f"less: {way}" for way in before - now)])


@contextmanager
def failing(line: str) -> Iterator[faults.Fault]:
    """Let what the line tells fail meanwhile."""
    faults.clear()
    try:
        yield faults.order(line)
    finally:
        faults.clear()


Verb = Literal["create", "update", "delete"]


def at_each(
    verb: Verb, stack: str, names: Collection[str], go: Callable[[], str], check: Callable[[str, str], None]
) -> None:
    """Let each of these resources of a stack fail once, and `check` what is there then, given name and status.

    `go` is done once in all: at each resource a copy of this process goes on from there, with the failure ordered, to
    its end and `check`; then this one goes on without.
    """
    told: dict[str, str] = {}
    """What went wrong, of those that were reached."""
    strike = faults.strike
    pipes: list[tuple[str, int, faults.Fault]] = []
    """In a copy: what fails there, and where it is to tell how that went."""

    def struck(asked: faults.Verb, where: str, name: str, type_name: str, *, after: bool = False) -> None:
        if not pipes and (asked, where, after) == (verb, stack, False) and name in names and name not in told:
            reading, writing = os.pipe()
            told[name] = ""
            child = os.fork()
            if child:
                os.close(writing)
                with os.fdopen(reading) as pipe:
                    told[name] = pipe.read()
                if os.waitpid(child, 0)[1]:
                    told[name] += "the copy ended by itself"
            else:
                pipes.append((name, writing, faults.order(f"{verb} {stack}/{name}{when(name)}")))
        strike(asked, where, name, type_name, after=after)

    said = ""
    try:
        with patch.object(faults, "strike", struck):
            status = go()
        for name, _, fault in pipes:
            assert fault.struck == [f"{stack}/{name}"]
            faults.clear()
            check(name, status)
    except BaseException:
        if not pipes:
            raise
        said = traceback.format_exc()
    for _, writing, _ in pipes:
        with os.fdopen(writing, "w") as pipe:
            pipe.write(said)
        os._exit(0)
    assert set(told) == set(names), set(names) - set(told)
    if broken := [f"{name}: {each}" for name, each in sorted(told.items()) if each]:
        pytest.fail("\n".join(broken))


def sampled(names: Collection[str], count: int) -> list[str]:
    """As many of the names, the same with every run; all if there are no more."""
    listed = sorted(names)
    return sorted(random.Random(f"{SEED}{listed}").sample(listed, min(count, len(listed))))


def one_of_each_type(resources: Mapping[str, Any]) -> set[str]:
    """A resource of each type, the same with every run."""
    kinds: dict[str, list[str]] = {}
    for name, each in resources.items():
        kinds.setdefault(each["Type"], []).append(name)
    return {sampled(names, 1)[0] for names in kinds.values()}


def parts(stacks: Sequence[str], count: int) -> list[Any]:
    """The long tests' parameters: every stack in as many parts, for a test may not take long."""
    return [
        pytest.param(name, part, id=f"{name}-{part}", marks=pytest.mark.full)
        for name in stacks
        for part in range(count)
    ]


def when(name: str) -> str:
    """Whether this resource fails before or after its service has done its part."""
    return random.Random(f"{SEED}{name}").choice(["", " after"])
