"""An embedded AWS in a forked child, which at one point of a deployment kills the CLI that speaks to it, or itself.

Points are told in what a deployment has done: events of its stacks, or calls of the CLI. So they cover its whole course
whatever the machine's speed. Requests reach the child over its port, as any server's.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import pickle
import signal
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import boto3
from moto.s3.models import S3Backend

from infra.deployment.artifact import named
from infra.deployment.furnished import STAND_IN, await_artifact, furnish
from infra.local import faults, keeping, server
from infra.local.cloudformation import events
from infra.local.cloudformation.api.change_sets import ChangeSets
from infra.local.cloudformation.state import engines
from infra.local.journal import MAGIC, Journal
from infra.local.mend import wrap
from tests.cli.conftest import DEPLOY, ROOT, SECONDS_AT_MOST, Cli

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized
    from pathlib import Path

    from infra.settings import Enclave

FORK = multiprocessing.get_context("fork")

CALLS: dict[str, tuple[type, str]] = {
    "PutObject": (S3Backend, "put_object"),
    "CreateChangeSet": (ChangeSets, "create_change_set"),
    "ExecuteChangeSet": (ChangeSets, "execute_change_set"),
}
"""Calls of the CLI by name: what answers them."""


@dataclass(frozen=True)
class Point:
    """Who is killed, and when: at the n-th of something, since the stacks are there or since the server has started."""

    who: Literal["cli", "server"]
    what: str = "event"
    """An event of the enclave's stacks, `ROLLBACK` for one since the first rollback began, or a call."""
    number: int = 1
    end: Literal["before", "amid", "after"] = "after"
    """Of the server: before what has happened is on disk, in the middle of it, or after it."""


class Server:
    """The embedded AWS with this state; what happens to it is written there only if it `keeps`."""

    def __init__(
        self,
        state: Path,
        settings: Enclave,
        *,
        keeps: bool = False,
        point: Point | None = None,
        fault: str | None = None,
        snapshots: Path | None = None,
    ) -> None:
        self._ours, theirs = FORK.Pipe()
        self._cli: Synchronized[int] = FORK.Value("i", 0)

        def serve() -> None:
            self._ours.close()
            if point is not None:
                _arm(point, settings.name, self._cli)
            if snapshots is not None:
                _take_snapshots(settings.name, snapshots)
            if fault is not None:
                faults.order(fault)
            _serve(theirs, state, settings, keeps=keeps or snapshots is not None)

        self.process = FORK.Process(target=serve, name="embedded AWS", daemon=True)
        self.process.start()
        theirs.close()
        self.environment: dict[str, str] = self._ours.recv()
        os.environ.update(self.environment)

    def deploy(self, assembly: Path) -> None:
        """`cdk deploy --all`, to its good end."""
        Cli(assembly.parent, self.environment).run(*DEPLOY, str(assembly))

    def deploy_until_killed(self, assembly: Path, point: Point) -> None:
        """The same, to the point."""
        cli = Cli(assembly.parent, self.environment).start(*DEPLOY, str(assembly))
        self._cli.value = cli.pid
        if point.who == "server":
            self.process.join(SECONDS_AT_MOST)
            assert self.process.exitcode == -signal.SIGKILL, f"the deployment was over before {point}"
            os.killpg(cli.pid, signal.SIGKILL)  # it would try a while, and give up
        printed, _ = cli.communicate(timeout=SECONDS_AT_MOST)
        assert cli.returncode == -signal.SIGKILL, f"the deployment was over before {point}: {printed[-3000:]}"

    def stop(self) -> None:
        """As SIGTERM stops it; nothing if it was killed."""
        self._ours.close()
        self.process.join(SECONDS_AT_MOST)
        assert self.process.exitcode in (0, -signal.SIGKILL)


@contextmanager
def serving(*args: Any, **kwargs: Any) -> Iterator[Server]:
    """A server while the block lasts, which this process's clients speak to."""
    before = dict(os.environ)
    started = Server(*args, **kwargs)
    try:
        yield started
    finally:
        started.stop()
        os.environ.clear()
        os.environ.update(before)


def _serve(parent: Connection, state: Path, settings: Enclave, *, keeps: bool) -> None:
    """Serve until the parent hangs up, or is gone."""
    fresh = not state.exists()
    with server.start(account=settings.accounts.enclave, region=settings.region, state=state) as started:
        await_artifact(settings, named(ROOT / STAND_IN, settings))  # as `sallyport local start` has it, each time
        if fresh:
            os.environ.update(started.environment)
            furnish(boto3.Session(region_name=settings.region), settings)
        if not keeps:
            keeping.stop()
        parent.send(started.environment)
        with suppress(EOFError):
            parent.recv()


def _arm(point: Point, enclave: str, cli: Synchronized[int]) -> None:
    """Let this process kill whom the point says, when it is there."""
    reached = threading.Event()
    count = 0

    def reach() -> None:
        nonlocal count
        count += 1
        if count == point.number:
            reached.set()
            if point.who == "cli":
                os.killpg(cli.value, signal.SIGKILL)

    if point.what in CALLS:
        wrap(CALLS[point.what][0], **{CALLS[point.what][1]: _reaching(reach)})
    else:
        _append_event = events._append

        def append_event(run: Any, event: Any) -> None:
            _append_event(run, event)
            if not run.stack.name.startswith(f"{enclave}-"):
                return
            nonlocal count
            if point.what == "event":
                count = told(enclave) - 1
                reach()
            elif count or event.status.endswith(f"{point.what}_IN_PROGRESS"):
                reach()

        events._append = append_event
    if point.who == "server":
        _write_until(reached, point.end)


def _reaching(reach: Callable[[], None]) -> Callable[..., Any]:
    def answer(self: Any, motos: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        reach()
        return motos(self, *arguments, **named)

    return answer


def _write_until(reached: threading.Event, end: str) -> None:
    """Let this process kill itself at the first write to the journal after that."""
    written = Journal.append

    def append(self: Journal, changed: Any) -> None:
        if reached.is_set() and end == "amid":
            payload = pickle.dumps(dict(changed))
            os.write(self._file, len(payload).to_bytes(8) + payload[: len(payload) // 2])
        elif not reached.is_set() or end == "after":
            written(self, changed)
        if reached.is_set():
            os.kill(os.getpid(), signal.SIGKILL)

    Journal.append = append  # type: ignore[method-assign]  # in this child alone


def told(enclave: str) -> int:
    """How many events the enclave's stacks have told in this process."""
    return sum(len(stack.events) for stack in _stacks() if stack.name.startswith(f"{enclave}-"))


def _stacks() -> list[Any]:
    found = [engine for regions in list(engines.values()) for engine in list(dict.values(regions))]
    return [stack for engine in found for stack in list(engine.stacks.values())]


def _take_snapshots(enclave: str, folder: Path) -> None:
    """Write the state beside whenever all stacks are at rest, by the number of events that were told until then."""
    written = Journal.append

    def append(self: Journal, changed: Any) -> None:
        written(self, changed)
        path = folder / f"{told(enclave):04}"
        if _stacks() and not path.exists() and not any(s.status.endswith("_IN_PROGRESS") for s in _stacks()):
            snapshot = Journal(path, json.loads(self._header[len(MAGIC) :]))
            written(snapshot, self.units)
            snapshot.close()

    Journal.append = append  # type: ignore[method-assign]  # in this child alone
