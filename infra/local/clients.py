"""boto3 clients of the embedded AWS, in its own process, without a socket in between."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3


@cache
def client(service: str, account: str, region: str) -> Any:
    """A client for one service, account and region; usable while moto's in-process mock is on."""
    made = boto3.client(service, region_name=region, aws_access_key_id="embedded", aws_secret_access_key="embedded")
    made.meta.events.register(
        "before-sign.*.*", lambda request, **_: request.headers.add_header("x-moto-account-id", account)
    )
    return made
