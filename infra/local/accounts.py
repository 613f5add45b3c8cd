"""Whose request it is: an access key names its account, and keys of an assumed role belong to the role's."""

from __future__ import annotations

import re
from typing import Any

from moto.iam import models

_NAMING = re.compile(r"AKIA(\d{12})EMBD")


def access_key(account: str) -> str:
    """The access key id of this account's administrator in the embedded AWS."""
    return f"AKIA{account}EMBD"


def extend(default_account: str) -> None:
    """Let keys name accounts; a key that nobody knows belongs to the default one."""

    def account_of(access_key: str) -> str:
        if named := _NAMING.fullmatch(access_key):
            return named[1]
        # Only what is there: moto would make an IAM for every partition just to look into it.
        for account, partitions in list(models.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in _made(partitions)):
                return str(account)
        return default_account

    models.get_account_id_from = account_of


def _made(partitions: Any) -> list[Any]:
    return list(dict.values(partitions))
