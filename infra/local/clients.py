"""boto3 clients of the embedded AWS, in its own process, without a socket in between."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.models import botocore_stubber

_made: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()
# moto's way of answering boto3 in process, switched on for these clients alone: every other client of
# this process goes on speaking to the endpoint it was made for.
_services = BotocoreStubber()
_services.enabled = True


def client(service: str, account: str, region: str) -> Any:
    """The client for one service, account and region, answered by the services in this process."""
    key = (service, account, region)
    with _lock:  # making a client is not safe in threads
        if key not in _made:
            _made[key] = _client(service, account, region)
        return _made[key]


def connect(service: str, **where: Any) -> Any:
    """A client of whatever answers at `endpoint_url`; every other argument is boto3's too."""
    with _lock:
        return _session().client(service, **where)


def services_of_botocore() -> list[str]:
    """The names of all services that a client can be made for."""
    return list(_session().get_available_services())


@cache
def _session() -> boto3.session.Session:
    """One session for all: it reads the model of a service once."""
    return boto3.session.Session()


def _client(service: str, account: str, region: str) -> Any:
    return make(_session(), service, account, region, "embedded", "embedded")


def make(
    session: boto3.session.Session,
    service: str,
    account: str,
    region: str,
    key: str,
    secret: str,
    token: str | None = None,
) -> Any:
    """A client with these credentials for an account, answered by the services in this process."""
    made = session.client(
        service,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        # The environment may point every client at the embedded AWS's own port; these need no port.
        config=Config(ignore_configured_endpoint_urls=True, retries={"total_max_attempts": 1}),
    )
    made.meta.events.register(
        "before-sign.*.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
    # Where moto's mock is on as well it would answer, and so do everything, a second time.
    made.meta.events.unregister("before-send", botocore_stubber)
    made.meta.events.register("before-send", _services)
    return made
