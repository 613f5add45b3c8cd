"""What several enclaves must hold together: those of one project, or of one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.settings.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from infra.settings.enclave import Enclave


def together(enclaves: Mapping[Path, Enclave]) -> Iterator[Problem]:
    """Names are told apart, and what exists once per account and region has one owner."""
    names: dict[tuple[str, str, str], Path] = {}
    owners: dict[tuple[str, str], Path] = {}
    for path, enclave in sorted(enclaves.items()):
        place = (enclave.accounts.enclave, enclave.region)
        if (first := names.setdefault((*place, enclave.name), path)) != path:
            message = f"name {enclave.name!r} is that of {first} in the same account and region; change name"
            yield Problem(str(path), 1, message)
        if enclave.account_baseline and (first := owners.setdefault(place, path)) != path:
            message = (
                f"account_baseline is true, but {first} owns the baseline of account {place[0]} in {place[1]} already; "
                "allowed: false; change account_baseline"
            )
            yield Problem(str(path), 1, message)
