"""Clients that call as a role: what a service does in somebody's name shows that role as its caller.

A workflow's tasks, a schedule's and a rule's targets are called with the role that each was given; trails,
events and whoever asks GetCallerIdentity see an assumed role and not the account's root.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from infra.local.clients import make
from infra.local.operations import kept

_LOCK = threading.Lock()


def client_as(role_arn: str, service: str, region: str, session: str) -> Any:
    """A client of a service that acts as this role, in the role's account; `session` names the caller's session."""
    from moto.sts.models import sts_backends

    _, partition, _, _, account, _ = role_arn.split(":", 5)
    backend = sts_backends[account][partition]
    with _LOCK:
        sessions = kept(backend, "service_sessions")
        if (role_arn, session) not in sessions:
            sessions[role_arn, session] = backend.assume_role(
                region_name=region,
                role_session_name=session,
                role_arn=role_arn,
                policy="",
                duration=3600,
                external_id="",
            )
        role = sessions[role_arn, session]
        return _client(service, region, account, role.access_key_id, role.secret_access_key, role.session_token)


@cache
def _boto() -> Any:
    """One session of boto's for all roles, which reads each service's model once."""
    import boto3

    return boto3.session.Session()


@cache
def _client(service: str, region: str, account: str, key: str, secret: str, token: str) -> Any:
    return make(_boto(), service, account, region, key, secret, token)
