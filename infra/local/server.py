"""The embedded AWS as a server: moto's services on a loopback port, extended, with our CloudFormation in front.

Providers and workflows call the services in this process (no socket in between); everyone else by HTTP.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import threading
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import ModuleType, TracebackType

LOOPBACK = "127.0.0.1"
# moto takes the bucket out of a template's address only if the host is called so.
HOST = "localhost"


@cache
def services() -> tuple[ModuleType, ...]:
    """The modules that extend moto, found by walking `infra/local/services`."""
    from infra.local import services as package

    return tuple(
        importlib.import_module(f"{package.__name__}.{module.name}")
        for module in pkgutil.iter_modules(package.__path__)
    )


@cache
def extend() -> None:
    """Extend moto's services and put our CloudFormation at its address; once in a process, before the first request."""
    # AWS's managed policies stand in every account; moto loads them only if told so before its first import.
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    from infra.local.cloudformation.api import hook_in

    hook_in()
    for service in services():
        if hasattr(service, "extend"):
            service.extend()


@dataclass
class Server:
    """A running embedded AWS; a context manager that stops it."""

    port: int
    account: str
    region: str
    _server: Any
    _mock: Any
    _thread: threading.Thread

    @property
    def environment(self) -> dict[str, str]:
        """What a client needs in its environment: the CDK CLI, the AWS CLI, boto3."""
        url = f"http://{HOST}:{self.port}"
        return {
            "AWS_ENDPOINT_URL": url,
            "AWS_ENDPOINT_URL_S3": url,
            "AWS_ACCESS_KEY_ID": "embedded",
            "AWS_SECRET_ACCESS_KEY": "embedded",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def stop(self) -> None:
        """Stop answering, and everything that works on by itself."""
        from infra.local.cloudformation import operations

        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        operations.wait(timeout_seconds=10)
        for service in services():
            if hasattr(service, "stop"):
                service.stop()
        self._mock.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(*, port: int = 0, account: str, region: str) -> Server:
    """Start the embedded AWS on a loopback port (0: a free one) for an account and a region.

    Credentials of an assumed role decide the account; all others act in `account`. Raises OSError if the port is taken.
    """
    extend()
    from moto import mock_aws
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    _act_in(account)
    mock = mock_aws(config={"stepfunctions": {"execute_state_machine": True}, "core": {"reset_boto3_session": False}})
    mock.start(reset=False)

    class Quiet(WSGIRequestHandler):
        """Answers without a line for each request."""

        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: Any) -> None:
            """Say nothing."""

    application = DomainDispatcherApplication(create_backend_app)
    server = make_server(LOOPBACK, port, application, threaded=True, request_handler=Quiet)
    os.environ["MOTO_PORT"] = str(server.server_port)
    thread = threading.Thread(target=server.serve_forever, name="embedded AWS", daemon=True)
    thread.start()
    for service in services():
        if hasattr(service, "start"):
            service.start()
    return Server(server.server_port, account, region, server, mock, thread)


def _act_in(account: str) -> None:
    """Let credentials that belong to nobody act in this account; moto's default is 123456789012."""
    from moto.iam import models

    models.DEFAULT_ACCOUNT_ID = account  # type: ignore[attr-defined]  # a name that moto's module imports for itself
