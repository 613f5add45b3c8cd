"""KMS keys as other services look for them: by id, by alias, or by an ARN of either."""

from __future__ import annotations

from typing import Any


def find(named: str, account: str, region: str) -> Any:
    """The key that `named` says, seen from this account and region; None if there is none."""
    from moto.kms.models import kms_backends

    if named.startswith("arn:"):
        region, account = named.split(":")[3:5]
    return known(kms_backends[account][region], named)


def known(backend: Any, named: str) -> Any:
    """The key of this backend that `named` says; None if there is none."""
    alias = backend.get_alias_name(named)
    key_id = backend.get_key_id_from_alias(alias) if alias.startswith("alias/") else backend.get_key_id(named)
    return backend.keys.get(key_id or "")
