"""One account and region to read from: a session, its clients, and calls that only read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError

from infra.posture.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

READING = ("describe_", "get_", "list_")
ATTEMPTS = 5
# botocore's own standard retries, and no waiting for ever. Boto3 guide, "Retries", read 2026-11-24. Every client of
# an account is made with it: `infra.deployment.account.session` makes it the default of its sessions.
CONFIG = Config(retries={"mode": "standard", "total_max_attempts": ATTEMPTS}, connect_timeout=5, read_timeout=30)
# What to do about an error, by a part of its code; the first that fits.
_ADVICE = (
    (("Throttl", "TooManyRequests", "RequestLimitExceeded", "SlowDown"), "the account is throttled: run again later"),
    (("AccessDenied", "Unauthorized", "Forbidden"), "let whose credentials these are make this call"),
    (("Expired", "InvalidClientToken", "UnrecognizedClient", "AuthFailure", "Signature"), "renew the credentials"),
)


class LiveError(Exception):
    """The account could not be read to the end: which call failed, how, how often it was tried, and what to do."""


class Account:
    """A session's account and region."""

    def __init__(self, session: Any, region: str) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}
        self._making = threading.Lock()  # a session's clients cannot be made by two threads at once
        self.region = region
        identity = self.call("sts", "get_caller_identity")
        self.place = Place(str(identity["Account"]), region)

    def call(self, service: str, operation: str, *, absent: tuple[str, ...] = (), **arguments: Any) -> Any:
        """One call's answer; None if it fails with one of the codes that mean that nothing is there.

        Raises LiveError for any other failure, once botocore has retried what it retries.
        """
        if not operation.startswith(READING):
            raise LiveError(f"{service} {operation}: only describe, get and list are called here")
        try:
            return getattr(self._client(service), operation)(**arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in absent:
                return None
            raise _refused(service, operation, error) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise _unanswered(service, operation, error) from error

    def all(self, service: str, operation: str, member: str, **arguments: Any) -> Iterator[Any]:
        """The items of all pages of a listing; `member` is where an answer holds them."""
        client = self._client(service)
        if not client.can_paginate(operation):
            yield from self.call(service, operation, **arguments).get(member, [])
            return
        try:
            for page in client.get_paginator(operation).paginate(**arguments):
                yield from page.get(member, [])
        except ClientError as error:
            raise _refused(service, operation, error) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise _unanswered(service, operation, error) from error

    def _client(self, service: str) -> Any:
        if service in self._clients:  # made: no need to wait for another that is being made
            return self._clients[service]
        with self._making:
            if service not in self._clients:
                try:
                    self._clients[service] = self._session.client(service, region_name=self.region, config=CONFIG)
                except (BotoCoreError, ValueError) as error:  # the latter of an endpoint that is no URL
                    raise LiveError(f"{service}: {error}; look at the profile, its region and endpoint") from error
            return self._clients[service]


def _refused(service: str, operation: str, error: ClientError) -> LiveError:
    """The error of a call that was answered with one."""
    told, about = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
    code, status = str(told.get("Code", "Unknown")), int(about.get("HTTPStatusCode", 0))
    by_code = (advice for parts, advice in _ADVICE if any(part in code for part in parts))
    otherwise = "the service fails: run again later" if status >= 500 else "nothing was judged; mend it and run again"
    return LiveError(
        f"{service} {operation} failed with {code} ({status}), {_tried(int(about.get('RetryAttempts', 0)) + 1)}: "
        f"{told.get('Message', '')}; {next(by_code, otherwise)}"
    )


def _unanswered(service: str, operation: str, error: Exception) -> LiveError:
    """The error of a call that was not answered, or with what cannot be read."""
    if isinstance(
        error, HTTPClientError | NotConnected
    ):  # what botocore tries again; it does not tell how often it did
        how = f"tried up to {ATTEMPTS} times: {error}; check network, region and endpoint, and run again"
        return LiveError(f"{service} {operation} was not answered, {how}")
    return LiveError(f"{service} {operation} failed: {error}; nothing was judged")


def _tried(times: int) -> str:
    return "tried once" if times == 1 else f"tried {times} times"
