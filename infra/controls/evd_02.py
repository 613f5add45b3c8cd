"""EVD-02: no object in an evidence bucket may carry a lock shorter than the minimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.policy.refusal import STRANGER, refused
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.policy.document import Document
    from infra.posture.aws.s3 import Bucket
    from infra.posture.model import Posture
    from infra.settings import Enclave

DAYS, MODE, CALLER = "s3:object-lock-remaining-retention-days", "s3:object-lock-mode", "aws:PrincipalArn"
WRITES = ("s3:PutObject", "s3:PutObjectRetention")


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that must be refused, whatever else its context holds."""

    what: str
    action: str
    context: Mapping[str, str]


@control(
    "EVD-02",
    title="no object may carry a shorter lock than the minimum",
    serves=["AU-11"],
    source="S3 guide, 'Managing Object Lock permissions', 'S3 Object Lock condition keys', read 2026-11-24",
)
def no_shorter_lock(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every locked bucket's policy refuses, to everyone and for every object, what would make a lock shorter."""
    for bucket in posture.buckets:
        if bucket.object_lock is not False:
            yield from _judge(bucket, settings)


def _judge(bucket: Bucket, settings: Enclave) -> Iterator[Finding]:
    minimum = settings.retention.evidence_days
    if isinstance(bucket.policy, Unknown):
        yield unknown(bucket, bucket.policy)
    elif bucket.policy is None:
        yield falls_short(bucket, "it has no policy, so any lock may be set", remedy=_deny_shorter(minimum))
    else:
        found = [
            *_policy_goes(bucket),
            *_shorter(bucket, bucket.policy, minimum),
            *_bypassable(bucket, bucket.policy),
            *_default_lowered(bucket, bucket.policy, settings),
        ]
        yield from found or [holds(bucket, f"locks shorter than {minimum} days are refused")]


def _policy_goes(bucket: Bucket) -> Iterator[Finding]:
    """A bucket that outlives its stack without its policy takes any lock."""
    if isinstance(bucket.policy_retained, Unknown):
        yield unknown(bucket, f"whether its policy outlives its stack: {bucket.policy_retained}")
    elif not bucket.policy_retained:
        remedy = "set the policy's DeletionPolicy and UpdateReplacePolicy to Retain"
        yield falls_short(bucket, "its policy goes with its stack, though the bucket stays", remedy=remedy)


def _shorter(bucket: Bucket, policy: Document, minimum: int) -> Iterator[Finding]:
    for action in WRITES:
        for days in sorted({0, 1, minimum - 1}):
            attempt = Attempt(f"{action} with a lock of {days} days", action, {DAYS: str(days)})
            yield from _refused(bucket, policy, attempt, _deny_shorter(minimum))


def _deny_shorter(minimum: int) -> str:
    return f"deny {' and '.join(WRITES)} to * on all objects in its policy with NumericLessThan {DAYS} {minimum}"


def _bypassable(bucket: Bucket, policy: Document) -> Iterator[Finding]:
    """A lock in GOVERNANCE mode is as short as whoever may bypass it wants."""
    bypass = Attempt("bypassing GOVERNANCE", "s3:BypassGovernanceRetention", {})
    if not [*_refused(bucket, policy, bypass, "")]:
        return
    for action in WRITES:
        attempt = Attempt(f"{action} in GOVERNANCE mode", action, {MODE: "GOVERNANCE"})
        yield from _refused(bucket, policy, attempt, f"deny {action} to * on all objects with {MODE} GOVERNANCE")


def _default_lowered(bucket: Bucket, policy: Document, settings: Enclave) -> Iterator[Finding]:
    """Only the deployment may change the lock that an object gets when its writer names none."""
    action = "s3:PutBucketObjectLockConfiguration"
    account = f"arn:{settings.partition}:iam::{bucket.place.account}"
    own_roles = [f"{account}:role/{settings.name}-{role}" for role in ("workload", "operator")]
    for caller in (STRANGER, f"{account}:root", *own_roles):
        attempt = Attempt(f"{action} by {caller}", action, {CALLER: caller})
        yield from _refused(bucket, policy, attempt, f"deny {action} in its policy to all but the deployment role")


def _refused(bucket: Bucket, policy: Document, attempt: Attempt, remedy: str) -> Iterator[Finding]:
    """A finding unless the policy refuses this to everyone, for every object."""
    resource = bucket.arn if attempt.action.startswith("s3:PutBucket") else f"{bucket.arn}/*"
    answer = refused(policy, attempt.action, resource, attempt.context)
    if isinstance(answer, Unknown):
        yield unknown(bucket, f"whether its policy refuses {attempt.what}: {answer}")
    elif not answer:
        message = f"its policy does not refuse {attempt.what}"
        yield falls_short(bucket, message, witness=f"{attempt.what}, by anyone", remedy=remedy)
