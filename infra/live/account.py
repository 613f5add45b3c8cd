"""One account and region to read from: a session, its clients, and calls that only read."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from infra.posture.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

READING = ("describe_", "get_", "list_")
# botocore's own standard retries, and no waiting for ever. Boto3 guide, "Retries", read 2026-11-24.
CONFIG = Config(retries={"mode": "standard", "total_max_attempts": 4}, connect_timeout=5, read_timeout=30)


class LiveError(Exception):
    """The account could not be read to the end; the message says which call failed and how."""


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
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            raise LiveError(f"{service} {operation} failed with {code} ({status}): {error}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise LiveError(f"{service} {operation}: {error}") from error

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
            raise LiveError(f"{service} {operation} failed with {error.response['Error']['Code']}: {error}") from error
        except (BotoCoreError, ResponseParserError) as error:
            raise LiveError(f"{service} {operation}: {error}") from error

    def _client(self, service: str) -> Any:
        if service in self._clients:  # made: no need to wait for another that is being made
            return self._clients[service]
        with self._making:
            if service not in self._clients:
                try:
                    self._clients[service] = self._session.client(service, region_name=self.region, config=CONFIG)
                except BotoCoreError as error:
                    raise LiveError(f"{service}: {error}") from error
            return self._clients[service]
