"""`cdk deploy` killed in the middle, the CLI or the server that it speaks to, and typed again: it converges.

Each point starts from the last moment before it at which all stacks were at rest in a deployment that nobody disturbed.
"""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from infra.local import server
from infra.settings import Enclave, find, load
from infra.verification import verify
from tests.cli.conftest import ROOT, Cli, Event, at_rest, events
from tests.cli.inventory import LISTINGS, PARTS, VERSIONS, Inventory, inventory
from tests.cli.killing import Point, Server, serving
from tests.conftest import synthesise

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.full

AS_OF = date(2026, 11, 24)
SETTLED = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
chance = random.Random(20261124)


@dataclass(frozen=True)
class Course:
    """A deployment that nobody disturbs: where it starts, what happens, and what there is in the end."""

    settings: Enclave
    assembly: Path
    starts: Mapping[int, Path]
    """The state at each moment when all stacks are at rest, by the number of events told until then."""
    events: list[Event]
    """All that the stacks have told in the end, that of earlier deployments included."""
    statuses: Mapping[str, str]
    there: Inventory
    kept: Inventory
    """What was there before, where anything was; of what the templates retain, all of it stays."""

    @property
    def before(self) -> int:
        """How many events there are when it begins."""
        return min(self.starts)

    def start(self, number: int) -> Path:
        """The state at the last rest before this event."""
        return self.starts[max(n for n in self.starts if n < number)]


@dataclass(frozen=True)
class Case:
    """A point as a part of its course, from 0 to 1."""

    course: Literal["create", "update"]
    point: Point
    part: float
    fails: bool = False
    """Whether the course is set to fail once, late in its longest stack, and the point is in the rollback."""

    def __str__(self) -> str:
        course = f"rollback-of-{self.course}" if self.fails else self.course
        return f"{self.point.who}-{course}-{self.point.what}-{self.part:.2f}".lower()


def spread(count: int, course: Literal["create", "update"], point: Point, *, fails: bool = False) -> list[Case]:
    """As many points, one by chance in each part of the course."""
    ends: list[Any] = ["before", "amid", "after"]
    return [
        Case(course, replace(point, end=chance.choice(ends)), (number + chance.random()) / count, fails)
        for number in range(count)
    ]


CASES = [
    *spread(6, "create", Point("cli")),
    *spread(1, "create", Point("cli", "PutObject")),
    *spread(1, "create", Point("cli", "CreateChangeSet")),
    *spread(1, "create", Point("cli", "ExecuteChangeSet")),
    *spread(6, "create", Point("server")),
    *spread(1, "create", Point("server", "ROLLBACK"), fails=True),
    *spread(1, "update", Point("cli")),
    *spread(1, "update", Point("cli", "CreateChangeSet")),
    *spread(1, "update", Point("cli", "ROLLBACK"), fails=True),
    *spread(3, "update", Point("server")),
    *spread(2, "update", Point("server", "ROLLBACK"), fails=True),
]


@pytest.fixture(scope="module")
def created(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """From an account with nothing but the CDK's bootstrap to the default enclave."""
    server.extend()  # once for all children
    folder = tmp_path_factory.mktemp("created")
    assembly = shutil.copytree(assembly, folder / "assembly")  # the CLI writes beside it, and locks it
    (folder / "at").mkdir()
    settings = load(find("sandbox", ROOT))
    with serving(folder / "state", settings, snapshots=folder / "at") as started:
        where = f"aws://{settings.accounts.enclave}/{settings.region}"
        Cli(folder, started.environment).run("bootstrap", where, "--app", "")
        started.deploy(assembly)
        wait_for_keeper(boto3)
        told = events(), at_rest(), inventory()
    starts = {int(path.name): path for path in (folder / "at").iterdir() if path.suffix != ".lock"}
    starts[len(told[0])] = folder / "state"  # the keeper's run is in it
    return Course(settings, assembly, starts, *told, {})


@pytest.fixture(scope="module")
def updated(created: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """From there to another definition of a topic, with other tags on everything."""
    folder = tmp_path_factory.mktemp("updated")
    shutil.copytree(ROOT / "enclaves", folder / "enclaves")
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, folder / name)
    for name, old, new in (
        ("sandbox.yaml", "Owner: enclave-operations", "Owner: enclave-platform"),
        ("profiles/baseline.yaml", "Monitoring, tracking", "Watching, tracking"),
    ):
        text = (folder / "enclaves" / name).read_text()
        assert text.count(old) == 1
        (folder / "enclaves" / name).write_text(text.replace(old, new))
    assembly = synthesise(folder / "assembly", folder)
    number, start = max(created.starts.items())
    shutil.copy(start, folder / "state")
    settings = load(find("sandbox", folder))
    with serving(folder / "state", settings) as started:
        started.deploy(assembly)
        return Course(settings, assembly, {number: start}, events(), at_rest(), inventory(), created.there)


@pytest.fixture(scope="module")
def courses(created: Course, updated: Course) -> Mapping[str, Course]:
    return {"create": created, "update": updated}


def templates(assembly: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text())["Resources"] for path in assembly.glob("*.template.json")]


def declared(assembly: Path, *, retained: bool = False) -> set[str]:
    """The types that the templates declare, or those of them that they retain."""
    every = [resource for template in templates(assembly) for resource in template.values()]
    return {r["Type"] for r in every if not retained or r.get("DeletionPolicy") == "Retain"}


def leave_evidence() -> dict[str, Any]:
    """Write an object to every bucket of the enclave; the buckets, with the object's version."""
    s3, left = boto3.client("s3"), {}
    for bucket in [b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"].startswith("sandbox-")]:
        left[bucket] = s3.put_object(Bucket=bucket, Key="evidence", Body=b"kept", IfNoneMatch="*")["VersionId"]
    return left


def placed(case: Case, course: Course) -> tuple[Point, Path, str | None]:
    """The point by number in the course, the state to start from, and what is to fail."""
    before, end = course.before, len(course.events)
    if not case.fails:
        number = before + 1 + int(case.part * (end - before))
        if case.point.what == "event":
            return replace(case.point, number=number), course.start(number), None
        return case.point, course.start(number), None
    verb = case.course
    changed = [e for e in course.events[before:] if e[2] == f"{verb.upper()}_COMPLETE" and e[0] != e[1]]
    retaining = {
        stack
        for stack, name, _ in changed
        for template in templates(course.assembly)
        if template.get(name, {}).get("DeletionPolicy") == "Retain"
    }
    # A creation that is rolled back leaves behind what is retained, as on AWS, and the next makes another.
    of = [e for e in changed if verb == "update" or e[0] not in retaining]
    longest = max({stack for stack, _, _ in of}, key=[stack for stack, _, _ in of].count)
    steps = [name for stack, name, _ in of if stack == longest]
    first = next(n for n, event in enumerate(course.events) if n >= before and event[0] == longest)
    number = 1 + int(case.part * 2 * len(steps))  # two events of each resource
    return replace(case.point, number=number), course.start(first), f"{verb} {longest}/{steps[-1]}"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_killed_and_typed_again_it_converges(case: Case, courses: Mapping[str, Course], tmp_path: Path) -> None:
    course = courses[case.course]
    point, start, fault = placed(case, course)
    shutil.copy(start, tmp_path / "state")
    killed = {"keeps": point.who == "server", "point": point, "fault": fault}
    with serving(tmp_path / "state", course.settings, **killed) as first:
        first.deploy_until_killed(course.assembly, point)
        if point.who == "cli":
            converges(first, course, case)
    if point.who == "server":
        with serving(tmp_path / "state", course.settings) as second:
            converges(second, course, case)


def converges(started: Server, course: Course, case: Case) -> None:
    """CloudFormation comes to an end by itself, and the next `cdk deploy` to what an undisturbed one comes to."""
    found = at_rest()
    undone = {"create": "ROLLBACK_COMPLETE", "update": "UPDATE_ROLLBACK_COMPLETE"}[case.course]
    assert set(found.values()) <= SETTLED | {"REVIEW_IN_PROGRESS", *([undone] if case.fails else [])}, found
    assert not case.fails or undone in found.values(), found
    before, evidence = inventory(), leave_evidence()

    started.deploy(course.assembly)
    assert at_rest() == course.statuses
    after = inventory()
    for type_name in declared(course.assembly, retained=True) & before.keys():
        assert before[type_name] | course.kept.get(type_name, frozenset()) <= after[type_name], type_name
    counted = {type_name: len(ids) for type_name, ids in after.items()}
    assert counted == {type_name: len(ids) for type_name, ids in course.there.items()}
    for bucket, version in evidence.items():
        kept = boto3.client("s3").get_object(Bucket=bucket, Key="evidence", VersionId=version)
        assert kept["Body"].read() == b"kept"
    wait_for_keeper(boto3)
    session = boto3.Session(region_name=course.settings.region)
    judged = verify([session], course.settings, as_of=AS_OF, assembly=course.assembly)
    assert judged.exit_code == 0, [(j.finding.control, j.finding.message) for j in judged.judged]


def test_the_inventory_knows_every_type_and_finds_what_there_is(created: Course) -> None:
    types = [resource["Type"] for template in templates(created.assembly) for resource in template.values()]
    assert set(types) == set(types) & {*LISTINGS, *PARTS, VERSIONS}
    for type_name in set(types) - PARTS:
        assert len(created.there[type_name]) >= types.count(type_name), type_name
