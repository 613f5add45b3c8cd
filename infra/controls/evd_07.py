"""EVD-07: whoever delivers a log may write where it goes: what AWS does not check at creation, or not again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from infra.controls.admittance import acting_for, admits, key_admits
from infra.controls.claims import Claim, judged
from infra.controls.framework import control
from infra.controls.rights import may, role_named, trusts
from infra.controls.watching import as_made_up
from infra.posture.aws.observability import QueryLogConfig, log_group_arn
from infra.posture.aws.s3 import bucket_at
from infra.posture.identity import partition
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from infra.controls.finding import Finding
    from infra.posture.aws.bedrock import InvocationLogging
    from infra.posture.aws.logs import LogGroup, Trail
    from infra.posture.aws.observability import FlowLog
    from infra.posture.aws.s3 import Bucket, Logging
    from infra.posture.model import Posture
    from infra.posture.values import Place
    from infra.settings import Enclave

DELIVERY = "delivery.logs.amazonaws.com"
BEDROCK = "bedrock.amazonaws.com"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
ACCESS_LOGS = "logging.s3.amazonaws.com"
OWNERS = "bucket-owner-full-control"
WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")
HELD = "whoever delivers it may write it"
IN_POLICY = "let {} do so in the bucket's policy, on objects under its prefix, for this account"
IN_KEY = "let {} use kms:GenerateDataKey and kms:Decrypt in the key's policy, for this account, and enable the key"
Claims = Iterator[Claim]


@control(
    "EVD-07",
    title="every log reaches where it is sent: bucket policy, key policy, role and its trust let its service write",
    serves=["AU-12"],
    source="CloudWatch Logs guide, 'Enable logging from AWS services'; VPC guide, 'Publish flow logs'; S3 guide, "
    "'Enabling Amazon S3 server access logging', read 2026-11-24",
)
def logs_are_delivered(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Flow logs, query logs, trails, access logs and, in an account, invocation logs, each at its destination.

    A destination that lets nobody in fails no deployment: the log is there, active, and empty.
    """
    logs: tuple[FlowLog | QueryLogConfig, ...] = (*posture.flow_logs, *posture.query_log_configs)
    for log in logs:
        yield from judged(log, _vended(log, posture), held=HELD)
    for trail in posture.trails:
        yield from judged(trail, _trail(trail, posture), held=HELD)
    for bucket in posture.buckets:
        if bucket.logging is not None:
            yield from judged(bucket, _access(bucket, bucket.logging, posture), held=f"access logs: {HELD}")
    # Where another enclave owns the account's baseline, invocations are recorded at destinations of that one.
    for logging in posture.invocation_loggings if settings.account_baseline else ():
        yield from judged(logging, _invocations(logging, posture), held=HELD)


def _vended(log: FlowLog | QueryLogConfig, posture: Posture) -> Claims:
    """A log that AWS's log delivery writes to a bucket, or that a role or log delivery writes to a log group."""
    destination = log.destination
    if isinstance(destination, Unknown):
        yield Claim("its destination lets it in", destination, "name a bucket or a log group of the enclave")
        return
    source = _arn(log.place, "logs", "any")
    if bucket := bucket_at(destination, posture.buckets):
        yield from _in_bucket(bucket, DELIVERY, source, log.place, posture)
        path = f"{destination.rstrip('/')}/AWSLogs/{log.place.account}/log"
        context = acting_for(source, log.place.account)
        remedy = (
            f"{IN_POLICY.format(DELIVERY)}: where its policy does not, AWS writes one of its own over it, or refuses"
        )
        sent = admits([bucket.policy], DELIVERY, ["s3:PutObject"], path, _with_acl(context))
        yield Claim("log delivery may put objects with the ACL that the guide names", sent, remedy)
        bare = admits([bucket.policy], DELIVERY, ["s3:PutObject"], path, context)
        # To a bucket that enforces its owner no ACL is sent, it is reported; a plain condition on one then refuses.
        remedy = "set the condition on s3:x-amz-acl with StringEqualsIfExists, or take it away"
        yield Claim("log delivery may put objects without an ACL", bare, remedy)
        return
    group = _group_at(destination, posture)
    if group is None:
        where = Unknown(f"{destination} is not among what was read")
        yield Claim("its destination lets it in", where, "name a bucket or a log group of the enclave")
    elif isinstance(log, QueryLogConfig):
        policies = [each.document for each in posture.log_resource_policies if each.place == group.place]
        written = admits(policies, DELIVERY, WRITE, _stream(group), acting_for(source, log.place.account))
        remedy = f"allow {DELIVERY} {' and '.join(WRITE)} on its log streams in an AWS::Logs::ResourcePolicy"
        yield Claim("a resource policy lets log delivery write to the log group", written, remedy)
        yield _group_key(group, posture)
    else:
        flow_log = _arn(log.place, "ec2", f"vpc-flow-log/{log.id}")
        yield from _by_role(log.role_arn, "vpc-flow-logs.amazonaws.com", flow_log, _stream(group), posture)
        yield _group_key(group, posture)


def _trail(trail: Trail, posture: Posture) -> Claims:
    bucket = _bucket_named(trail.bucket, posture)
    context = acting_for(trail.arn, trail.place.account)
    written: Maybe[bool] = bucket if isinstance(bucket, Unknown) else True
    if not isinstance(bucket, Unknown):
        path = _under(bucket, trail.key_prefix, f"AWSLogs/{trail.place.account}/CloudTrail/log")
        put = admits([bucket.policy], CLOUDTRAIL, ["s3:PutObject"], path, _with_acl(context))
        written = all_of([put, admits([bucket.policy], CLOUDTRAIL, ["s3:GetBucketAcl"], bucket.arn, context)])
    yield Claim("the trail may write to its bucket", written, IN_POLICY.format(CLOUDTRAIL))
    use = acting_for(trail.arn, trail.place.account, kms__EncryptionContext__aws__cloudtrail__arn=trail.arn)
    usable = key_admits(trail.kms_key_id, CLOUDTRAIL, ["kms:GenerateDataKey"], use, posture)
    yield Claim("the trail may use its key", usable, IN_KEY.format(CLOUDTRAIL))
    if trail.log_group_arn == "":
        return
    arn = trail.log_group_arn
    group = arn if isinstance(arn, Unknown) else _group_at(log_group_arn(arn), posture)
    if isinstance(group, Unknown) or group is None:
        where = group or Unknown(f"log group {arn} is not among what was read")
        yield Claim("the trail may write to its log group", where, "name a log group of the enclave")
        return
    stream = _stream(group, f"{trail.place.account}_CloudTrail_{trail.place.region}")
    # CloudTrail names no source when it takes on this role; CloudTrail guide, "Role policy document", 2026-11-24.
    yield from _by_role(trail.log_role_arn, CLOUDTRAIL, "", stream, posture)
    yield _group_key(group, posture)


def _access(bucket: Bucket, logging: Logging, posture: Posture) -> Claims:
    target = _bucket_named(logging.bucket, posture)
    if isinstance(target, Unknown):
        yield Claim("access logs may be written", target, "name a bucket of the enclave")
        return
    context = acting_for(bucket.arn, bucket.place.account)
    # Unlike the others, a prefix of access logs is put before the name as it stands, without a slash.
    path = logging.prefix if isinstance(logging.prefix, Unknown) else f"{target.arn}/{logging.prefix}log"
    put = admits([target.policy], ACCESS_LOGS, ["s3:PutObject"], path, context)
    remedy = f"let {ACCESS_LOGS} put objects under that prefix of {target.ref} in its policy, for this bucket"
    yield Claim(f"the policy of {target.ref} lets access logs in", put, remedy)
    algorithm = target.encryption.algorithm
    plain = algorithm if isinstance(algorithm, Unknown) else algorithm == "AES256"
    remedy = f"set the default encryption of {target.ref} to AES256: access logs do not arrive under a KMS key"
    yield Claim(f"{target.ref} is encrypted as access logs can be", plain, remedy, f"{algorithm}")
    lock = target.object_lock
    free = lock if isinstance(lock, Unknown) else not lock
    remedy = f"name a bucket without Object Lock, which blocks the delivery of access logs, instead of {target.ref}"
    yield Claim(f"{target.ref} has no Object Lock", free, remedy)


def _invocations(logging: InvocationLogging, posture: Posture) -> Claims:
    place = logging.place
    source = _arn(place, "bedrock", "any")
    if logging.bucket != "":
        bucket = _bucket_named(logging.bucket, posture)
        written: Maybe[bool] = bucket if isinstance(bucket, Unknown) else True
        if not isinstance(bucket, Unknown):
            path = _under(bucket, logging.key_prefix, f"AWSLogs/{place.account}/BedrockModelInvocationLogs/log")
            context = acting_for(source, place.account)
            written = all_of(
                [
                    admits([bucket.policy], BEDROCK, ["s3:PutObject"], path, context),
                    _bucket_key(bucket, BEDROCK, context, posture),
                ]
            )
        yield Claim("Bedrock may write to its bucket", written, f"{IN_POLICY.format(BEDROCK)}, and in its key's")
    if logging.log_group != "":
        group = next((each for each in posture.log_groups if each.id == logging.log_group), None)
        if group is None:
            where = Unknown(f"log group {logging.log_group} is not among what was read")
            yield Claim("Bedrock may write to its log group", where, "name a log group of the enclave")
            return
        stream = _stream(group, "aws/bedrock/modelinvocations")
        yield from _by_role(logging.role_arn, BEDROCK, source, stream, posture)
        yield _group_key(group, posture)


def _in_bucket(bucket: Bucket, service: str, source: str, place: Place, posture: Posture) -> Claims:
    context = acting_for(source, place.account)
    seen = admits([bucket.policy], service, ["s3:GetBucketAcl"], bucket.arn, context)
    yield Claim(f"{service} may read the bucket's ACL", seen, f"let {service} call s3:GetBucketAcl on the bucket")
    usable = _bucket_key(bucket, service, context, posture)
    yield Claim(f"{service} may use the bucket's key", usable, IN_KEY.format(service))


def _bucket_key(bucket: Bucket, service: str, context: dict[str, tuple[str, ...]], posture: Posture) -> Maybe[bool]:
    encryption = bucket.encryption
    if isinstance(encryption.algorithm, Unknown):
        return encryption.algorithm
    if encryption.algorithm == "AES256":
        return True
    # KMS without a key is the key that AWS keeps for S3.
    return key_admits(encryption.key or "alias/aws/s3", service, ["kms:GenerateDataKey"], context, posture)


def _by_role(arn: Maybe[str], service: str, source: str, stream: str, posture: Posture) -> Claims:
    """A service that writes to a log group by a role."""
    role = role_named(arn, posture)
    trusted = role if isinstance(role, Unknown) else trusts(role, service, source)
    allowed = role if isinstance(role, Unknown) else all_of(may(role, posture, each, stream) for each in WRITE)
    yield Claim(f"{service} may take its role", trusted, f"let {service} assume the role, for this account")
    remedy = f"allow {' and '.join(WRITE)} on the log group's streams in the role's policies and boundary"
    yield Claim("its role may write to the log group", allowed, remedy)


def _group_key(group: LogGroup, posture: Posture) -> Claim:
    service = f"logs.{group.place.region}.amazonaws.com"
    # The key's policy may name groups by a pattern, since their own ARNs would be a cycle.
    arn = as_made_up(log_group_arn(group.arn))
    context = acting_for(arn, group.place.account, kms__EncryptionContext__aws__logs__arn=arn)
    usable = key_admits(group.kms_key_id, service, ["kms:GenerateDataKey", "kms:Decrypt"], context, posture)
    return Claim("CloudWatch Logs may use the log group's key", usable, IN_KEY.format(service))


def _bucket_named(name: Maybe[str], posture: Posture) -> Bucket | Unknown:
    if isinstance(name, Unknown):
        return name
    found = next((each for each in posture.buckets if each.id == name), None)
    return found or Unknown(f"bucket {name} is not among what was read")


def _under(bucket: Bucket, prefix: Maybe[str], key: str) -> Maybe[str]:
    """The ARN of an object whose key is written after a prefix and a slash, or alone where there is no prefix."""
    return prefix if isinstance(prefix, Unknown) else "/".join(filter(None, (bucket.arn, prefix, key)))


def _group_at(arn: str, posture: Posture) -> LogGroup | None:
    return next((each for each in posture.log_groups if log_group_arn(each.arn) == arn), None)


def _stream(group: LogGroup, name: str = "any") -> str:
    return f"{log_group_arn(group.arn)}:log-stream:{name}"


def _with_acl(context: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {**context, "s3:x-amz-acl": (OWNERS,)}


def _arn(place: Place, service: str, rest: str) -> str:
    return f"arn:{partition(place.region)}:{service}:{place.region}:{place.account}:{rest}"
