"""S3 buckets with everything that protects what lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.values import Maybe, Properties, Resource, Unknown
from infra.unknown import all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.resources import Declared, Resources

_DAYS_A_YEAR = 365
_BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@dataclass(frozen=True, slots=True)
class DefaultRetention:
    """The lock that a new object version gets, in days; a retention in years counts 365 days each."""

    mode: Maybe[str]
    days: Maybe[int]


@dataclass(frozen=True, slots=True)
class Encryption:
    """Default encryption of new objects."""

    algorithm: Maybe[str]
    key: Maybe[str]
    bucket_key_enabled: Maybe[bool]


@dataclass(frozen=True, slots=True)
class Logging:
    """Where server access logs go."""

    bucket: Maybe[str]
    prefix: Maybe[str]


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """What becomes of objects with time, in days; None is never."""

    status: Maybe[str]
    prefix: Maybe[str]
    expiration_days: Maybe[int] | None
    noncurrent_expiration_days: Maybe[int] | None
    abort_incomplete_days: Maybe[int] | None
    transitions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket(Resource):
    """One bucket; its id is its name."""

    arn: str
    versioning: Maybe[str]
    object_lock: Maybe[bool]
    default_retention: DefaultRetention | Unknown | None
    encryption: Encryption
    logging: Logging | None
    public_access_block: tuple[Maybe[bool], ...]
    """BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets."""
    object_ownership: Maybe[str]
    lifecycle: tuple[LifecycleRule, ...]
    policy: Maybe[Document] | None
    policy_retained: Maybe[bool]
    """Whether the policy outlives its stack, as the bucket does."""
    replicates: bool
    retained: Maybe[bool]
    """Whether it outlives its stack and its own replacement."""


def buckets(resources: Resources) -> Iterator[Bucket]:
    """All buckets, each with its policy."""
    declared = resources.of("AWS::S3::Bucket")
    policies = resources.attached("AWS::S3::BucketPolicy", "Bucket", declared)
    for bucket in declared:
        given = bucket.properties
        lock = given.block("ObjectLockConfiguration")
        block = given.block("PublicAccessBlockConfiguration")
        yield Bucket(
            **bucket.common,
            arn=bucket.arn,
            versioning=given.block("VersioningConfiguration").text("Status", "Off"),
            object_lock=given.flag("ObjectLockEnabled"),
            default_retention=_retention(lock),
            encryption=_encryption(bucket, resources),
            logging=_logging(bucket),
            # AWS turns all four on for a new bucket that says nothing of them; what says something leaves the rest off.
            public_access_block=tuple(block.flag(name, default=not block) for name in _BLOCKS),
            object_ownership=_ownership(given.block("OwnershipControls")),
            lifecycle=_lifecycle(given.block("LifecycleConfiguration")),
            policy=_policy(policies[bucket.id]),
            policy_retained=all_of(each.retained for each in policies[bucket.id]),
            replicates="ReplicationConfiguration" in given,
            retained=bucket.retained,
        )


def bucket_at(place: str, among: tuple[Bucket, ...]) -> Bucket | None:
    """The bucket that an S3 URI or ARN, with or without a key, lies in."""
    for bucket in among:
        for whole in (f"s3://{bucket.id}", bucket.arn):
            if place == whole or place.startswith(f"{whole}/"):
                return bucket
    return None


def _retention(lock: Properties) -> DefaultRetention | Unknown | None:
    if isinstance(lock.value, Unknown):
        return lock.value
    retention = lock.block("Rule").block("DefaultRetention")
    enabled = lock.text("ObjectLockEnabled")
    if isinstance(enabled, Unknown):
        return enabled
    if not retention or enabled != "Enabled":
        return None
    days, years = retention.whole("Days"), retention.whole("Years")
    if isinstance(years, int):
        days = years * _DAYS_A_YEAR
    return DefaultRetention(
        mode=retention.text("Mode", "none"),
        days=Unknown("neither days nor years") if days is None else days,
    )


def _encryption(bucket: Declared, resources: Resources) -> Encryption:
    """S3 encrypts with its own key where nothing else is asked."""
    rules = list(bucket.properties.block("BucketEncryption").blocks("ServerSideEncryptionConfiguration"))
    first = rules[0] if rules else Properties({})
    default = first.block("ServerSideEncryptionByDefault")
    return Encryption(
        algorithm=default.text("SSEAlgorithm", "AES256"),
        key=resources.key(default.text("KMSMasterKeyID"), bucket.place),
        bucket_key_enabled=first.flag("BucketKeyEnabled"),
    )


def _logging(bucket: Declared) -> Logging | None:
    given = bucket.properties.block("LoggingConfiguration")
    if not given:
        return None
    return Logging(bucket=given.text("DestinationBucketName", bucket.id), prefix=given.text("LogFilePrefix"))


def _ownership(given: Properties) -> Maybe[str]:
    """BucketOwnerEnforced is what AWS takes for a new bucket."""
    rules = list(given.blocks("Rules"))
    return rules[0].text("ObjectOwnership", "BucketOwnerEnforced") if rules else "BucketOwnerEnforced"


def _lifecycle(given: Properties) -> tuple[LifecycleRule, ...]:
    return tuple(sorted((_rule(each) for each in given.blocks("Rules")), key=str))


def _rule(given: Properties) -> LifecycleRule:
    noncurrent = given.block("NoncurrentVersionExpiration").whole("NoncurrentDays")
    moves = [*given.blocks("Transitions"), *given.blocks("NoncurrentVersionTransitions")]
    return LifecycleRule(
        status=given.text("Status"),
        prefix=given.text("Prefix"),
        expiration_days=given.whole("ExpirationInDays"),
        noncurrent_expiration_days=noncurrent
        if noncurrent is not None
        else given.whole("NoncurrentVersionExpirationInDays"),
        abort_incomplete_days=given.block("AbortIncompleteMultipartUpload").whole("DaysAfterInitiation"),
        transitions=tuple(
            sorted(f"{move.text('StorageClass')} after {move.text('TransitionInDays')}" for move in moves)
        ),
    )


def _policy(attached: list[Declared]) -> Maybe[Document] | None:
    """The bucket's one policy; where two resources write it, the last to be deployed wins, and nobody knows which."""
    documents = [each.properties.document("PolicyDocument") for each in attached]
    if len(documents) > 1:
        return Unknown(f"{len(documents)} resources write the bucket's policy")
    return documents[0] if documents else None
