"""Customer-managed keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.policy.document import Document, Statement
from infra.posture.values import Maybe, Place, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Resources

# What AWS rotates by when nothing is said; KMS guide, "Rotate AWS KMS keys", read 2026-11-24.
_ROTATION_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Resource):
    """One key; its id is the key id."""

    arn: str
    policy: Maybe[Document]
    enabled: Maybe[bool]
    key_spec: Maybe[str]
    key_usage: Maybe[str]
    multi_region: Maybe[bool]
    rotates: Maybe[bool]
    rotation_period_days: Maybe[int] | None
    retained: Maybe[bool]


def keys(resources: Resources) -> Iterator[Key]:
    """All keys."""
    for key in resources.of("AWS::KMS::Key"):
        given = key.properties
        rotates = given.flag("EnableKeyRotation")
        period = given.whole("RotationPeriodInDays")
        policy = given.document("KeyPolicy")
        yield Key(
            **key.common,
            arn=key.arn,
            policy=_of_the_account(key.place) if policy is None else policy,
            enabled=given.flag("Enabled", default=True),
            key_spec=given.text("KeySpec", "SYMMETRIC_DEFAULT"),
            key_usage=given.text("KeyUsage", "ENCRYPT_DECRYPT"),
            multi_region=given.flag("MultiRegion"),
            rotates=rotates,
            rotation_period_days=None if rotates is False else _ROTATION_DAYS if period is None else period,
            retained=key.retained,
        )


def _of_the_account(place: Place) -> Document:
    """The policy AWS gives a key without one: all to the account."""
    everything = Statement("Allow", actions=("kms:*",), resources=("*",), principals=(("AWS", place.account),))
    return Document((everything,), version="2012-10-17")
