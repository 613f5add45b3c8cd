"""The embedded AWS as a server on a loopback port: moto's services, extended, and CloudFormation of our own."""

from __future__ import annotations

import importlib
import os
import pkgutil
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from moto import mock_aws
from moto.core.base_backend import BackendDict
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from infra.local import (
    accounts,
    clients,
    faults,
    keeping,
    rule,
    services,
    standing_orders,
    switchboard,
    triggers,
    warmth,
)
from infra.local.clock import CLOCK
from infra.local.cloudformation import operations, order
from infra.local.cloudformation.api import service
from infra.local.cloudformation.state import engines
from infra.local.connections import Listening
from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType, TracebackType

HOST = "127.0.0.1"
ACCOUNT = "111122223333"
REGION = "us-gov-west-1"
STOP_SECONDS = 10.0

# What moto reads while it runs; it has no other way to be told.
_CONFIG: dict[str, Any] = {
    "iam": {"load_aws_managed_policies": True},
    "stepfunctions": {"execute_state_machine": True},
}


@dataclass
class Server:
    """A running embedded AWS; a context manager that stops it."""

    port: int
    account: str
    region: str
    _listening: Listening = field(repr=False)
    _application: DomainDispatcherApplication = field(repr=False)
    _thread: threading.Thread = field(repr=False)
    _before: dict[str, Any] = field(repr=False)
    _port_before: str | None = field(repr=False)

    @property
    def url(self) -> str:
        """Where it listens. The name matters: moto reads an S3 bucket from the path only at `localhost`."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the CDK CLI, the AWS CLI and boto3 need in their environment."""
        return self.environment_of(self.account)

    def environment_of(self, account: str) -> dict[str, str]:
        """The same, as the administrator of this account."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ACCESS_KEY_ID": accounts.access_key(account),
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def client(self, name: str, account: str | None = None, region: str | None = None) -> Any:
        """A boto3 client that speaks to it over its port, as any other program would."""
        return clients.connect(
            name,
            region_name=region or self.region,
            endpoint_url=self.url,
            aws_access_key_id=accounts.access_key(account or self.account),
            aws_secret_access_key="embedded",
        )

    def warm_up(self) -> None:
        """Make ready in the background what a first deployment needs."""
        arguments = (self.account, self.region, self._application)
        threading.Thread(target=warmth.warm, args=arguments, name="warm-up", daemon=True).start()

    def stop(self) -> None:
        """Stop listening, let stacks that are being worked on finish, and leave nothing behind."""
        if not self._thread.is_alive():
            return
        self._listening.shutdown()
        self._thread.join(STOP_SECONDS)
        self._listening.server_close()
        _end(self._before, self._port_before)

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start(
    *,
    port: int = 0,
    account: str = ACCOUNT,
    region: str = REGION,
    order_seed: int | None = None,
    speed: float = 1.0,
    state: Path | None = None,
) -> Server:
    """Start the embedded AWS, empty, on this port (0: a free one).

    `account` is whose the base credentials are, `region` only what `environment` says: every region is served.
    `state` is a file that the state is kept in, and taken up from; without it the state is gone with the process.
    `order_seed` shuffles the order of creation and deletion wherever the template does not decide it.
    `speed` is how many seconds of its own time (`infra/local/clock.py`) pass in a real one.
    One server at a time in a process, for the services' state is the process's.
    Raises OSError if the port is taken, and StateError for a state that cannot be used.
    """
    extend()
    accounts.extend(account)
    before = {name: default_user_config.get(name, {}) for name in _CONFIG}
    default_user_config.update(_CONFIG)  # type: ignore[typeddict-item]  # names and values of moto's own
    BackendDict.reset()
    _count_anew()
    order.use(order_seed)
    CLOCK.reset(speed)
    application = DomainDispatcherApplication(create_backend_app)
    # Bound here: werkzeug would end the process if it could not.
    with socket.create_server((HOST, port), backlog=128) as bound:
        listening = Listening(HOST, port, keeping.beside(switchboard.beside(application)), fd=bound.fileno())
    port_before = os.environ.get("MOTO_PORT")
    os.environ["MOTO_PORT"] = str(listening.port)  # where Step Functions sends its tasks
    if state is not None:
        try:
            keeping.start(state, account)
            _take_up()  # before anybody is answered; what it lets run may ask, and waits
        except BaseException:
            listening.server_close()
            _end(before, port_before)
            raise
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,), name="embedded AWS", daemon=True)
    thread.start()
    CLOCK.start()
    return Server(listening.port, account, region, listening, application, thread, before, port_before)


def _end(before: dict[str, Any], port_before: str | None) -> None:
    """Let stacks that are being worked on finish, and let everything of this process be what it was before."""
    operations.wait(STOP_SECONDS)
    keeping.stop()
    CLOCK.stop()
    _forget()
    BackendDict.reset()
    default_user_config.update(before)  # type: ignore[typeddict-item]  # what was there before
    if port_before is None:
        os.environ.pop("MOTO_PORT", None)
    else:
        os.environ["MOTO_PORT"] = port_before


def _forget() -> None:
    """Forget what was ordered of an embedded AWS, and what it counted."""
    order.use(None)
    faults.clear()
    standing_orders.clear()
    _count_anew()


def _count_anew() -> None:
    for counted in (triggers.fired, rule.exercised, rule.tripped):
        counted.clear()


def _take_up() -> None:
    """Go on with what was at work when the state was written."""
    for extension in _services():
        if hasattr(extension, "take_up"):
            extension.take_up()
    for regions in engines.values():
        for engine in regions.values():
            operations.take_up(engine)


@contextmanager
def in_process(account: str = ACCOUNT, *, order_seed: int | None = None) -> Iterator[None]:
    """The embedded AWS for every boto3 client of this process, without a port; empty at first and at the end."""
    extend()
    accounts.extend(account)
    order.use(order_seed)
    with mock_aws(config=cast("Any", _CONFIG)):
        _count_anew()
        CLOCK.reset()
        CLOCK.start()
        try:
            yield
        finally:
            operations.wait(STOP_SECONDS)
            CLOCK.stop()
            _forget()


@cache
def extend() -> None:
    """Extend moto from outside, once in a process: every module of `services`, CloudFormation, every resource type."""
    for extension in _services():
        if hasattr(extension, "extend"):
            extension.extend()
    service.extend()
    warmth.extend()
    resource_types()


@cache
def _services() -> tuple[ModuleType, ...]:
    return tuple(
        importlib.import_module(f"{services.__name__}.{module.name}")
        for module in pkgutil.iter_modules(services.__path__)
    )
