"""Where a stack of an enclave lies, what it is called, and whether it is protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Environment

if TYPE_CHECKING:
    from infra.settings import Enclave


def placement(settings: Enclave, part: str, *, account: str | None = None, protected: bool = False) -> dict[str, Any]:
    """The arguments of `Stack` that every stack of an enclave shares.

    Args:
        settings: the enclave.
        part: what the stack holds, such as `network`; with the enclave's name it is the stack's.
        account: where it lies; the enclave's account unless given.
        protected: whether CloudFormation refuses to delete it.
    """
    return {
        "stack_name": f"{settings.name}-{part}",
        "env": Environment(account=account or settings.accounts.enclave, region=settings.region),
        "tags": dict(sorted(settings.tags.items())),
        "termination_protection": protected,
    }
