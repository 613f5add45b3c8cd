"""Foundation: keys, trail, log groups, alarms and the artefact bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack

from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.archive import Archive


class Foundation(Stack):
    """What the other stacks rest on; retained and protected."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, archive: Archive) -> None:
        super().__init__(
            scope,
            id,
            description="Sallyport: keys, trail, logs and alarms",
            **placement(settings, "foundation", protected=True),
        )
