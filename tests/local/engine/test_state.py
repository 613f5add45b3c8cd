"""State on disk: the server killed at every point of a stack's life leaves nothing half done, and goes on by itself.

Each life is a child process that kills itself at one write to the journal; a second child takes the state up.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import time
import traceback
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import faults, invocation, keeping, server
from infra.local.clock import CLOCK
from infra.local.cloudformation import operations
from infra.local.journal import Journal, StateError
from tests.local.engine.conftest import Stacks
from tests.local.engine.templates import parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WRITES = 45
"""As many as the life below has at least."""
CHOSEN = sorted(random.Random(20261124).sample(range(WRITES), 20))
SAMPLED = CHOSEN[9]
POINTS = [pytest.param(n, marks=() if n == SAMPLED else pytest.mark.full) for n in CHOSEN]
ENDS = ("before", "amid", "after")


@pytest.fixture(autouse=True, scope="module")
def _extended() -> None:
    """What every child needs, done once for all."""
    server.extend()


def child(work: Callable[[], Any]) -> Any:
    """What the work returns in a child process; None if it was killed."""
    reading, writing = os.pipe()
    if not (process := os.fork()):
        try:
            told: Any = (True, work())
        except BaseException:
            told = (False, traceback.format_exc())
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(told, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        written = pipe.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    worked, result = pickle.loads(written)
    assert worked, result
    return result


def killing(number: int, end: str) -> None:
    """Kill this process at its n-th write to a journal: before it, in the middle of it, or after it."""
    written = Journal.append
    count = 0

    def append(self: Journal, changed: Any) -> None:
        nonlocal count
        count += 1
        if count - 1 == number:
            if end == "after":
                written(self, changed)
            elif end == "amid":
                os.write(self._file, b"\0\0\0\0\0\0\1\0half of a record")
            os.kill(os.getpid(), signal.SIGKILL)
        written(self, changed)

    Journal.append = append  # type: ignore[method-assign]  # in this child alone


FIRST = template(
    A=parameter("1"), B=parameter("1", "/b"), C=queue(), D=parameter(ref("A")), E=queue(), F=parameter("1", "/f")
)
SECOND = template(
    A=parameter("2"), B=parameter("1", "/renamed"), D=parameter(ref("A")), E=queue(QueueName="named"), G=queue()
)


def life(path: Path) -> None:
    """A stack is made, changed, changed in vain and deleted; another one cannot be made."""
    with server.start(state=path) as started:
        stacks = Stacks(started)
        stacks.create("one", FIRST)
        faults.order("create two/C")
        stacks.create("two", FIRST | {"Resources": {**FIRST["Resources"], "B": parameter("1"), "F": parameter("1")}})
        stacks.update("one", SECOND)
        faults.order("create one/F")
        stacks.update("one", FIRST)
        stacks.delete("two")
        stacks.delete("one")


def found(path: Path) -> tuple[dict[str, str], set[str], set[str]]:
    """Each stack's status once all is at rest; the physical ids that stacks tell; those that are there."""
    with server.start(state=path) as started:
        operations.wait(20)
        api = started.client("cloudformation")
        statuses = {s["StackName"]: s["StackStatus"] for s in api.describe_stacks()["Stacks"]}
        told = {
            r["PhysicalResourceId"]
            for name in statuses
            for r in api.describe_stack_resources(StackName=name)["StackResources"]
            if r["ResourceStatus"] != "DELETE_COMPLETE" and "PhysicalResourceId" in r
        }
        there = {p["Name"] for p in started.client("ssm").describe_parameters()["Parameters"]}
        there |= set(started.client("sqs").list_queues().get("QueueUrls", []))
    return statuses, {each.rsplit("/", 1)[-1] for each in told}, {each.rsplit("/", 1)[-1] for each in there}


AT_REST = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"}


@pytest.mark.parametrize("number", POINTS)
def test_killed_at_any_write_it_goes_on_to_an_end_and_nothing_is_lost_or_left_over(number: int, tmp_path: Path) -> None:
    path = tmp_path / "state"

    def killed() -> None:
        killing(number, ENDS[number % 3])
        life(path)

    assert child(killed) is None  # it came as far as this write
    statuses, told, there = child(lambda: found(path))
    assert set(statuses.values()) <= AT_REST
    assert told == there


def test_what_was_answered_is_there_after_a_kill(tmp_path: Path) -> None:
    def killed() -> None:
        started = server.start(state=tmp_path / "state")
        started.client("ssm").put_parameter(Name="/kept", Value="x", Type="String")
        os.kill(os.getpid(), signal.SIGKILL)

    assert child(killed) is None
    assert child(lambda: found(tmp_path / "state"))[2] == {"kept"}


def test_a_bucket_taken_up_is_found_by_whoever_looks_for_its_account(tmp_path: Path) -> None:
    place = {"CreateBucketConfiguration": {"LocationConstraint": server.REGION}}

    def killed() -> None:
        started = server.start(state=tmp_path / "state")
        started.client("s3").create_bucket(Bucket="logs-of-the-test", **place)
        os.kill(os.getpid(), signal.SIGKILL)

    def taken_up() -> str:
        with server.start(state=tmp_path / "state") as started:
            s3 = started.client("s3")
            s3.create_bucket(Bucket="logged-in-the-test", **place)
            grants = {"Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}}
            resource = "arn:aws-us-gov:s3:::logs-of-the-test/*"
            statement = {**grants, "Action": "s3:PutObject", "Resource": resource}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            s3.put_bucket_policy(Bucket="logs-of-the-test", Policy=policy)
            to = {"TargetBucket": "logs-of-the-test", "TargetPrefix": ""}
            s3.put_bucket_logging(Bucket="logged-in-the-test", BucketLoggingStatus={"LoggingEnabled": to})
            told = s3.get_bucket_logging(Bucket="logged-in-the-test")
        return str(told["LoggingEnabled"]["TargetBucket"])

    assert child(killed) is None
    assert child(taken_up) == "logs-of-the-test"


def test_the_time_that_was_moved_and_the_numbers_of_log_events_go_on(tmp_path: Path) -> None:
    def put(logs: Any, message: str) -> list[str]:
        logged = [{"timestamp": int(time.time() * 1000), "message": message}]
        logs.put_log_events(logGroupName="kept", logStreamName="kept", logEvents=logged)
        return [event["eventId"] for event in logs.filter_log_events(logGroupName="kept")["events"]]

    def killed() -> None:
        started = server.start(state=tmp_path / "state")
        CLOCK.advance(timedelta(hours=1))
        logs = started.client("logs")
        logs.create_log_group(logGroupName="kept")
        logs.create_log_stream(logGroupName="kept", logStreamName="kept")
        put(logs, "before")
        os.kill(os.getpid(), signal.SIGKILL)

    def taken_up() -> tuple[timedelta, list[str]]:
        with server.start(state=tmp_path / "state") as started:
            return CLOCK.now() - datetime.now(UTC), put(started.client("logs"), "after")

    assert child(killed) is None
    ahead, event_ids = child(taken_up)
    assert timedelta(minutes=59) < ahead < timedelta(minutes=61)
    assert len(set(event_ids)) == 2


def test_what_fell_due_is_invoked_after_a_kill_that_came_before_it(tmp_path: Path) -> None:
    queue_arn = f"arn:aws-us-gov:sqs:{server.REGION}:{server.ACCOUNT}:told"
    trust = {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}
    may = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": queue_arn}

    def document(statement: dict[str, Any]) -> str:
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    def killed() -> None:
        started = server.start(state=tmp_path / "state")
        started.client("sqs").create_queue(QueueName="told")
        iam = started.client("iam")
        role = iam.create_role(RoleName="schedule", AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
        iam.put_role_policy(RoleName="schedule", PolicyName="tell", PolicyDocument=document(may))

        def invoke(*_: Any, **__: Any) -> None:
            keeping.keep()
            os.kill(os.getpid(), signal.SIGKILL)

        invocation.invoke = invoke
        started.client("scheduler").create_schedule(
            Name="once",
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": queue_arn, "RoleArn": role},
        )
        time.sleep(30)

    def taken_up() -> int:
        with server.start(state=tmp_path / "state") as started:
            sqs = started.client("sqs")
            url = sqs.get_queue_url(QueueName="told")["QueueUrl"]
            return len(sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5).get("Messages", []))

    assert child(killed) is None
    assert child(taken_up) == 1


def refusal(path: Path, **more: Any) -> str:
    def refused() -> str:
        with pytest.raises(StateError) as caught, server.start(state=path, **more):
            pass
        return str(caught.value)

    return str(child(refused))


@pytest.mark.parametrize("text", [b"", b"{}", b"sallyport embedded AWS, state"])
def test_another_file_is_refused_and_left_as_it_is(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(text)
    assert "is no state of the embedded AWS" in refusal(tmp_path / "notes")
    assert (tmp_path / "notes").read_bytes() == text


def test_a_damaged_state_another_versions_and_another_accounts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    child(lambda: found(path))
    child(lambda: life(path))
    good = path.read_bytes()
    assert "was written with account 111122223333" in refusal(path, account="444455556666")
    path.write_bytes(good.replace(b'"moto": "', b'"moto": "9', 1))
    assert "moto 9" in refusal(path)
    path.write_bytes(good[:-100] + b"?" + good[-99:])
    assert "is damaged at byte" in refusal(path)


def test_what_cannot_be_written_whole_is_not_written_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path / "state", {})
    journal.append({"a": b"1"})
    write = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, record: write(file, record[: len(record) // 2]))
        with pytest.raises(StateError, match=r"cannot be written: .*No space left"):
            journal.append({"a": b"2"})
    assert journal.units == {"a": b"1"}
    journal.append({"b": b"3"})
    journal.close()
    again = Journal(tmp_path / "state", {})
    assert again.units == {"a": b"1", "b": b"3"}
    again.close()


def test_a_state_in_use_is_refused(tmp_path: Path) -> None:
    holding = Journal(tmp_path / "state", {})
    assert "is in use by another" in refusal(tmp_path / "state")
    holding.close()
