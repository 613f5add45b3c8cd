"""boto3 clients of the embedded AWS, in its own process, without a socket in between."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto import backend_index, backends
from moto.core.base_backend import BackendDict
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.core.request import normalize_request
from werkzeug.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Callable

_made: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()
OWN_AGENT = "AWS Internal"
"""How these clients name themselves: no program outside calls so."""
# moto's way of answering boto3 in process, switched on for these clients alone: every other client of
# this process goes on speaking to the endpoint it was made for. It looks for the service anew with every request, so
# it is asked only for what `_answer` does not find.
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


def model_of(service: str) -> Any:
    """The model that clients of a service go by."""
    return _session()._session.get_service_model(service)


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
        # The environment may point every client at the embedded AWS's own port; these need no port. Nobody checks a
        # signature here, and an agent's name is put together anew for every request.
        config=Config(
            ignore_configured_endpoint_urls=True,
            retries={"total_max_attempts": 1},
            signature_version=UNSIGNED,
            user_agent=OWN_AGENT,
        ),
    )

    def name_caller(request: Any, signing_name: str, region_name: str, **_: Any) -> None:
        """What moto reads of a signature: the key, and where it is meant for."""
        scope = f"{key}/20260101/{region_name}/{signing_name}/aws4_request"
        request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
        request.headers["x-moto-account-id"] = account
        if token:
            request.headers["X-Amz-Security-Token"] = token

    made.meta.events.register("before-sign.*.*", name_caller)
    # Where moto's mock is on as well it would answer, and so do everything, a second time.
    made.meta.events.unregister("before-send", botocore_stubber)
    made.meta.events.register("before-send", _answer)
    return made


def _answer(event_name: str, request: Any, **_: Any) -> Any:
    """The answer of the service whose URL it is."""
    url = request.url.partition("?")[0]
    handler = next((function for pattern, function in _handlers(url.split("/", 3)[2]) if pattern.match(url)), None)
    if handler is None:
        return _services(event_name, request)
    asked = normalize_request(request)
    try:
        status, headers, body = handler(asked, asked.raw_url, asked.headers)
    except HTTPException as error:
        status, headers, body = error.code, error.get_headers(), error.get_body()
    return AWSResponse(request.url, status, headers, MockRawResponse(body))


@lru_cache(maxsize=1024)  # every bucket is a host of its own
def _handlers(host: str) -> list[tuple[re.Pattern[str], Callable[..., Any]]]:
    """The patterns of URLs that the service at this host answers, in the order in which moto tries them."""
    found = next((name for name, pattern in backend_index.backend_url_patterns if pattern.match(f"https://{host}")), "")
    if not found:
        return []
    service: Any = backends.get_backend(found)  # type: ignore[call-overload]  # one of moto's names
    if isinstance(service, BackendDict):
        regions = service[DEFAULT_ACCOUNT_ID]
        backend = regions["us-east-1" if "us-east-1" in regions else "aws"]
    else:
        backend = service["global"]
    return [(re.compile(url), function) for url, function in backend.urls.items()]
