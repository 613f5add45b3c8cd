"""EVD-01: what is evidence cannot be deleted or overwritten before its time, by anyone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.policy.refusal import refused
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.observability import FlowLog, QueryLogConfig
    from infra.posture.aws.s3 import Bucket
    from infra.posture.model import Posture
    from infra.posture.values import Resource
    from infra.settings import Enclave


@control(
    "EVD-01",
    title="every bucket but the access-log target is locked in COMPLIANCE mode, encrypted, versioned and retained",
    serves=["AU-9"],
    source="S3 guide, 'Locking objects with Object Lock', 'Enabling server access logging', read 2026-11-24",
)
def evidence_is_locked(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every bucket; AWS forbids a lock on the target of access logs, so that one is judged by retention alone."""
    targets = {bucket.logging.bucket for bucket in posture.buckets if bucket.logging} - {""}
    locked = [bucket for bucket in posture.buckets if bucket.object_lock is not False]
    if posture.buckets and not locked:
        yield falls_short(
            "posture",
            "no bucket has Object Lock",
            remedy="make a bucket with ObjectLockEnabled true, and send evidence there",
        )
    for bucket in posture.buckets:
        shortfalls = list(_kept(bucket))
        if bucket.id not in targets or bucket in locked:
            shortfalls += _locked(bucket, settings.retention.evidence_days)
        else:
            shortfalls += _undeletable(bucket)
        yield from shortfalls or [holds(bucket, "its objects cannot be destroyed before their time")]
    for record, where in _records(posture):
        yield _goes_to_a_lock(record, where, posture)


def _records(posture: Posture) -> Iterator[tuple[Resource, Maybe[str]]]:
    """What writes evidence to a bucket, and where."""
    for trail in posture.trails:
        yield trail, trail.bucket if isinstance(trail.bucket, Unknown) else f"s3://{trail.bucket}"
    logs: tuple[FlowLog | QueryLogConfig, ...] = (*posture.flow_logs, *posture.query_log_configs)
    yield from ((log, log.destination) for log in logs if ":s3:::" in str(log.destination))
    for config in posture.endpoint_configs:
        if config.data_capture:
            yield config, config.data_capture.destination


def _goes_to_a_lock(record: Resource, where: Maybe[str], posture: Posture) -> Finding:
    if isinstance(where, Unknown):
        return unknown(record, f"where it writes: {where}")
    bucket = bucket_at(where, posture.buckets)
    if bucket and isinstance(bucket.object_lock, Unknown):
        return unknown(record, f"whether {bucket.ref} is locked: {bucket.object_lock}")
    if bucket and bucket.object_lock:
        return holds(record, f"it writes to {bucket.ref}, which is locked")
    remedy = "name a bucket of the enclave with Object Lock as its destination"
    return falls_short(record, "it writes where records can be destroyed", witness=where, remedy=remedy)


def _kept(bucket: Bucket) -> Iterator[Finding]:
    """The bucket itself outlives its stack, an object survives its own overwriting, and no stranger reaches either."""
    yield from _shortfalls(
        bucket,
        (
            ("VersioningConfiguration.Status", bucket.versioning, "Enabled", ""),
            ("retained by DeletionPolicy and UpdateReplacePolicy", bucket.retained, True, "set both of them to Retain"),
            (
                "every setting of PublicAccessBlockConfiguration",
                all_of(bucket.public_access_block),
                True,
                "set BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls and RestrictPublicBuckets to true",
            ),
        ),
    )


def _locked(bucket: Bucket, days: int) -> Iterator[Finding]:
    algorithm = bucket.encryption.algorithm
    encrypted = algorithm if isinstance(algorithm, Unknown) else algorithm.startswith("aws:kms")
    with_key = "set ServerSideEncryptionByDefault to aws:kms with a key of the enclave"
    yield from _shortfalls(
        bucket,
        (
            ("ObjectLockEnabled", bucket.object_lock, True, ""),
            ("default encryption with a KMS key", encrypted, True, with_key),
        ),
    )
    retention = bucket.default_retention
    if isinstance(retention, Unknown):
        yield unknown(bucket, retention)
        return
    if retention is None:
        remedy = f"set ObjectLockConfiguration.Rule.DefaultRetention to mode COMPLIANCE, {days} days"
        yield falls_short(bucket, "it has no default retention", remedy=remedy)
        return
    yield from _shortfalls(bucket, (("DefaultRetention.Mode", retention.mode, "COMPLIANCE", ""),))
    if isinstance(retention.days, Unknown):
        yield unknown(bucket, retention.days)
    elif retention.days < days:
        yield falls_short(
            bucket,
            f"its default retention is {retention.days} days, shorter than {days}",
            witness=f"DefaultRetention: {retention.days} days",
            remedy=f"raise DefaultRetention.Days to retention.evidence_days, {days}",
        )


def _undeletable(bucket: Bucket) -> Iterator[Finding]:
    """What AWS forbids to lock must refuse deletion by its policy."""
    policy = bucket.policy
    if isinstance(policy, Unknown):
        yield unknown(bucket, policy)
        return
    for action in ("s3:DeleteObject", "s3:DeleteObjectVersion"):
        answer = policy is not None and refused(policy, action, f"{bucket.arn}/*", {})
        if isinstance(answer, Unknown):
            yield unknown(bucket, f"whether its policy refuses {action}: {answer}")
        elif not answer:
            message = f"its policy does not refuse {action}"
            remedy = f"deny {action} to everyone on {bucket.arn}/* in its policy"
            yield falls_short(bucket, message, witness=f"{action} by anyone", remedy=remedy)


def _shortfalls(bucket: Bucket, wanted: tuple[tuple[str, object, object, str], ...]) -> Iterator[Finding]:
    """What is not as expected; the last of each says how to mend it, where setting it is not all."""
    for name, value, expected, remedy in wanted:
        if isinstance(value, Unknown):
            yield unknown(bucket, f"{name} is {value}")
        elif value != expected:
            yield falls_short(
                bucket,
                f"{name} is {value}, not {expected}",
                witness=f"{name}: {value}",
                remedy=remedy or f"set {name} to {str(expected).lower() if expected is True else expected}",
            )
