"""Buckets whose objects nobody can delete before their lock ends, the account's root user included."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.constructs.bucket_protection import settings_by_deployment_alone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from infra.constructs.access_log_bucket import AccessLogBucket


class LockedBucket(s3.Bucket):
    """A versioned bucket under Object Lock COMPLIANCE, encrypted by default, logged, and never deleted by a stack.

    Uploads need no encryption header: a Deny on absent headers breaks the delivery of logs, so the bucket's default
    encryption does the work.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: AccessLogBucket,
        retention_days: int,
        lifecycle: Sequence[s3.LifecycleRule],
        name: str | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            scope: construct above.
            id: id within it; also the prefix of its access logs.
            key: key that encrypts its objects.
            access_logs: bucket that takes its access logs, in the same account and region.
            retention_days: how long an object cannot be deleted; no object may carry a shorter lock.
            lifecycle: what becomes of objects in time.
            name: physical name, where another account's stack must name the bucket; generated otherwise.
        """
        super().__init__(
            scope,
            id,
            bucket_name=name,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=True,
            versioned=True,
            object_lock_enabled=True,
            object_lock_default_retention=s3.ObjectLockRetention.compliance(Duration.days(retention_days)),
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=list(lifecycle),
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{id.lower()}/",
            removal_policy=retained(name),
        )
        for statement in (
            *no_shorter_lock(self, retention_days),
            *settings_by_deployment_alone(self),
        ):
            self.add_to_resource_policy(statement)
        # A bucket that outlives its stack without its policy would take shorter locks.
        cast("s3.BucketPolicy", self.policy).apply_removal_policy(RemovalPolicy.RETAIN)


class EvidenceBucket(LockedBucket):
    """A locked bucket for records: what the lock no longer holds goes by itself."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        key: kms.IKey,
        access_logs: AccessLogBucket,
        retention_days: int,
        name: str | None = None,
    ) -> None:
        """Make the bucket; the arguments are those of LockedBucket."""
        super().__init__(
            scope,
            id,
            key=key,
            access_logs=access_logs,
            retention_days=retention_days,
            lifecycle=expiry(retention_days),
            name=name,
        )


class ArtifactBucket(LockedBucket):
    """A locked bucket for model artefacts, each stored once under its digest and never overwritten.

    Object Lock keeps the version that was there; the policy keeps a new version from taking its place. An upload has
    to say `If-None-Match: *`; the steps of a multipart upload that create no object are exempt
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html, read 2026-11-24).
    """

    def __init__(
        self, scope: Construct, id: str, *, key: kms.IKey, access_logs: AccessLogBucket, retention_days: int
    ) -> None:
        """Make the bucket; the arguments are those of LockedBucket."""
        super().__init__(
            scope,
            id,
            key=key,
            access_logs=access_logs,
            retention_days=retention_days,
            lifecycle=[
                s3.LifecycleRule(id="remove-broken-uploads", abort_incomplete_multipart_upload_after=Duration.days(1))
            ],
        )
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NoOverwrite",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[self.arn_for_objects("*")],
                conditions={
                    "Null": {"s3:if-none-match": "true"},
                    "Bool": {"s3:ObjectCreationOperation": "true"},
                },
            )
        )
        # A delete marker would free the key for other content, though the locked version stays under it.
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NoDeletion",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:DeleteObject"],
                resources=[self.arn_for_objects("*")],
            )
        )


def retained(name: str | None) -> RemovalPolicy:
    """Always kept; a bucket with a fixed name goes if its creation is rolled back, or it would block the next try."""
    return RemovalPolicy.RETAIN if name is None else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE


def expiry(retention_days: int) -> list[s3.LifecycleRule]:
    """Rules that remove what the lock no longer holds, and the remains of broken uploads.

    A version is deleted only after it stopped being the current one for as long as the lock lasts, so that S3 never
    meets a locked version; the delete markers left over go by a rule of their own, as S3 demands.
    """
    return [
        s3.LifecycleRule(
            id="expire-after-the-lock",
            expiration=Duration.days(retention_days + 1),
            noncurrent_version_expiration=Duration.days(retention_days),
            abort_incomplete_multipart_upload_after=Duration.days(1),
        ),
        s3.LifecycleRule(id="remove-delete-markers", expired_object_delete_marker=True),
    ]


def no_shorter_lock(bucket: s3.Bucket, retention_days: int) -> tuple[iam.PolicyStatement, ...]:
    """Refuse a lock shorter than the minimum or in a mode that can be bypassed; no lock named means the default one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html, read 2026-11-24.
    """
    locking = ["s3:PutObject", "s3:PutObjectRetention"]
    objects = [bucket.arn_for_objects("*")]
    return (
        iam.PolicyStatement(
            sid="NoShorterLock",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=locking,
            resources=objects,
            conditions={"NumericLessThan": {"s3:object-lock-remaining-retention-days": str(retention_days)}},
        ),
        iam.PolicyStatement(
            sid="NoWeakerMode",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=locking,
            resources=objects,
            conditions={"StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}},
        ),
    )
