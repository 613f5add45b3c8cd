"""NET-06: all traffic and all DNS queries of a VPC are recorded, encrypted, and kept long enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.posture.aws.observability import log_group_arn
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Maybe, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.logs import LogGroup
    from infra.posture.aws.observability import FlowLog, QueryLogConfig
    from infra.posture.aws.s3 import Bucket
    from infra.posture.aws.vpc import Vpc
    from infra.posture.model import Posture
    from infra.settings import Enclave


@control(
    "NET-06",
    title="flow logs of all traffic and DNS query logs, encrypted and retained",
    serves=["AU-12"],
    source="VPC guide, 'VPC Flow Logs'; Route 53 guide, 'Resolver query logging', read 2026-11-24",
)
def traffic_is_recorded(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every VPC has both logs, and every such log goes where it is safe."""
    for vpc in posture.vpcs:
        yield _has_flow_log(vpc, posture)
        yield _has_query_log(vpc, posture)
    logs: tuple[FlowLog | QueryLogConfig, ...] = (*posture.flow_logs, *posture.query_log_configs)
    for log in logs:
        yield _destination(log, posture, settings)


def _has_flow_log(vpc: Vpc, posture: Posture) -> Finding:
    remedy = "give the VPC a flow log with TrafficType ALL"
    own = [log for log in posture.flow_logs if log.resource_id == vpc.id]
    if any(log.traffic_type == "ALL" for log in own):
        return holds(vpc, "all its traffic is recorded")
    doubtful = [log for log in posture.flow_logs if isinstance(log.resource_id, Unknown)]
    doubtful += [log for log in own if isinstance(log.traffic_type, Unknown)]
    if doubtful:
        return unknown(vpc, f"whether {doubtful[0].ref} records all its traffic")
    witness = ", ".join(f"{log.ref} records {log.traffic_type or 'nothing'}" for log in own)
    return falls_short(vpc, "not all its traffic is recorded", witness=witness, remedy=remedy)


def _has_query_log(vpc: Vpc, posture: Posture) -> Finding:
    if any(vpc.id in config.vpc_ids for config in posture.query_log_configs):
        return holds(vpc, "its DNS queries are recorded")
    for config in posture.query_log_configs:
        if why := next((each for each in config.vpc_ids if isinstance(each, Unknown)), None):
            return unknown(vpc, f"whose queries {config.ref} records: {why}")
    return falls_short(vpc, "its DNS queries are not recorded", remedy="associate a query log configuration with it")


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
        remedy="send it to a log group or locked bucket of the enclave",
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
