"""NET-06: all traffic and all DNS queries of a VPC are recorded, encrypted, and kept long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.posture.aws.observability import QueryLogConfig, log_group_arn
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Maybe, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.logs import LogGroup
    from infra.posture.aws.observability import FlowLog
    from infra.posture.aws.s3 import Bucket
    from infra.posture.aws.vpc import Vpc
    from infra.posture.model import Posture
    from infra.settings import Enclave

# What a record must say to show who spoke to whom, and whether it was let through.
FIELDS = ("srcaddr", "dstaddr", "dstport", "protocol", "action")


@control(
    "NET-06",
    title="flow logs of all traffic and DNS query logs, encrypted and retained",
    serves=["AU-12"],
    source="VPC guide, 'VPC Flow Logs'; Route 53 guide, 'Resolver query logging', read 2026-11-24",
)
def traffic_is_recorded(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every VPC has both logs in both places, and every such log goes where it is safe.

    In a locked bucket nobody can destroy a record for retention.evidence_days; in a log group, operators and alarms
    find it for retention.log_days.
    """
    logs: tuple[FlowLog | QueryLogConfig, ...] = (*posture.flow_logs, *posture.query_log_configs)
    for vpc in posture.vpcs:
        yield from _recorded(vpc, "traffic", posture.flow_logs, posture)
        yield from _recorded(vpc, "DNS queries", posture.query_log_configs, posture)
    for log in logs:
        yield _destination(log, posture, settings)


def _recorded(vpc: Vpc, what: str, logs: tuple[FlowLog | QueryLogConfig, ...], posture: Posture) -> Iterator[Finding]:
    for place, is_there in (("a bucket", _in_bucket), ("a log group", _in_group)):
        recorded = any_of(all_of((*_covers(log, vpc), is_there(log.destination, posture))) for log in logs)
        if isinstance(recorded, Unknown):
            yield unknown(vpc, f"whether every record of its {what} goes to {place}: {recorded}")
        elif recorded:
            yield holds(vpc, f"every record of its {what} goes to {place}")
        else:
            remedy = f"send a record of all its {what} to {place} of the enclave"
            witness = ", ".join(str(log.ref) for log in logs if vpc.id in str(log)) or "no log of it"
            yield falls_short(vpc, f"not every record of its {what} goes to {place}", witness=witness, remedy=remedy)


def _covers(log: FlowLog | QueryLogConfig, vpc: Vpc) -> Iterator[Maybe[bool]]:
    """Whether a log is of the VPC, and of everything in it."""
    if isinstance(log, QueryLogConfig):
        yield any_of(_is(each, vpc.id) for each in log.vpc_ids)
    else:
        yield _is(log.resource_id, vpc.id)
        yield _is(log.traffic_type, "ALL")
        form = log.log_format
        yield form if isinstance(form, Unknown) else all(f"${{{name}}}" in form for name in FIELDS)


def _is(value: Maybe[str], wanted: str) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value == wanted


def _in_bucket(destination: Maybe[str], posture: Posture) -> Maybe[bool]:
    return destination if isinstance(destination, Unknown) else bucket_at(destination, posture.buckets) is not None


def _in_group(destination: Maybe[str], posture: Posture) -> Maybe[bool]:
    if isinstance(destination, Unknown):
        return destination
    return any(log_group_arn(group.arn) == destination for group in posture.log_groups)


def _destination(log: FlowLog | QueryLogConfig, posture: Posture, settings: Enclave) -> Finding:
    destination = log.destination
    if isinstance(destination, Unknown):
        return unknown(log, f"where it goes: {destination}")
    for group in posture.log_groups:
        if log_group_arn(group.arn) == destination:
            return _group(log, group, settings.retention.log_days)
    if bucket := bucket_at(destination, posture.buckets):
        return _bucket(log, bucket, settings.retention.evidence_days)
    return falls_short(
        log,
        "it goes where the enclave cannot answer for it",
        witness=destination,
        remedy="name a log group of the enclave, or a bucket of it with Object Lock, as its destination",
    )


def _group(log: FlowLog | QueryLogConfig, group: LogGroup, days: int) -> Finding:
    remedy = f"give {group.ref} a customer-managed key and a retention of {days} days"
    retention: Maybe[int] = 0 if group.retention_days is None else group.retention_days
    if isinstance(group.kms_key_id, Unknown) or isinstance(retention, Unknown):
        why = group.kms_key_id if isinstance(group.kms_key_id, Unknown) else retention
        return unknown(log, f"how {group.ref} keeps it: {why}")
    if not group.kms_key_id:
        return falls_short(log, f"{group.ref} is not encrypted with a key of the enclave", remedy=remedy)
    if retention < days:
        kept = f"{retention} days" if retention else "no set time"
        return falls_short(log, f"{group.ref} keeps it for {kept}, not {days} days", witness=kept, remedy=remedy)
    return holds(log, f"{group.ref} encrypts and keeps it")


def _bucket(log: FlowLog | QueryLogConfig, bucket: Bucket, days: int) -> Finding:
    remedy = f"give {bucket.ref} default encryption with a KMS key and a retention of {days} days"
    retention = bucket.default_retention
    kept = 0 if retention is None else retention if isinstance(retention, Unknown) else retention.days
    for value in (bucket.encryption.algorithm, bucket.encryption.key, kept):
        if isinstance(value, Unknown):
            return unknown(log, f"how {bucket.ref} keeps it: {value}")
    if bucket.encryption.algorithm not in ("aws:kms", "aws:kms:dsse") or not bucket.encryption.key:
        return falls_short(log, f"{bucket.ref} is not encrypted with a key of the enclave", remedy=remedy)
    if isinstance(kept, int) and kept < days:
        return falls_short(log, f"{bucket.ref} keeps it {kept} days, not {days}", witness=f"{kept} days", remedy=remedy)
    return holds(log, f"{bucket.ref} encrypts and keeps it")
