"""Buckets whose objects nobody can delete before their lock ends, the account's root user included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_s3 as s3

from infra.constructs.bucket import BROKEN_UPLOADS, Bucket
from infra.constructs.statement import ANYONE, deny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.access_log_bucket import AccessLogBucket
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.statement import Statement
    from infra.settings import Enclave


class LockedBucket(Bucket):
    """A versioned bucket under Object Lock COMPLIANCE, encrypted by default, logged, and never deleted by a stack.

    Uploads need no encryption header: a Deny on absent headers breaks the delivery of logs, so the bucket's default
    encryption does the work.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        account: str,
        key: CustomerKey,
        access_logs: AccessLogBucket,
        retention_days: int,
        lifecycle: Sequence[s3.CfnBucket.RuleProperty],
        name: str | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            scope: construct above.
            id: id within it; also the prefix of its access logs.
            settings: the enclave.
            account: account it lies in.
            key: key that encrypts its objects.
            access_logs: bucket that takes its access logs, in the same account and region.
            retention_days: how long an object cannot be deleted; no object may carry a shorter lock.
            lifecycle: what becomes of objects in time.
            name: physical name, where another account's stack must name the bucket; generated otherwise.
        """
        super().__init__(
            scope,
            id,
            settings=settings,
            account=account,
            name=name,
            encryption=s3.CfnBucket.ServerSideEncryptionRuleProperty(
                bucket_key_enabled=True,
                server_side_encryption_by_default=s3.CfnBucket.ServerSideEncryptionByDefaultProperty(
                    sse_algorithm="aws:kms", kms_master_key_id=key.arn
                ),
            ),
            lifecycle=lifecycle,
            object_lock_enabled=True,
            object_lock_configuration=s3.CfnBucket.ObjectLockConfigurationProperty(
                object_lock_enabled="Enabled",
                rule=s3.CfnBucket.ObjectLockRuleProperty(
                    default_retention=s3.CfnBucket.DefaultRetentionProperty(mode="COMPLIANCE", days=retention_days)
                ),
            ),
            logging_configuration=s3.CfnBucket.LoggingConfigurationProperty(
                destination_bucket_name=access_logs.ref, log_file_prefix=f"{id.lower()}/"
            ),
        )
        self.key = key
        self.add_to_policy(*no_shorter_lock(self, retention_days))
        access_logs.admit(self, under=f"{id.lower()}/", word=id)


class EvidenceBucket(LockedBucket):
    """A locked bucket for records: what the lock no longer holds goes by itself."""

    def __init__(self, scope: Construct, id: str, *, retention_days: int, **rest: Any) -> None:
        """Make the bucket; the arguments are those of LockedBucket but `lifecycle`."""
        super().__init__(scope, id, retention_days=retention_days, lifecycle=expiry(retention_days), **rest)


class ArtifactBucket(LockedBucket):
    """A locked bucket for model artefacts, each stored once under its digest and never overwritten.

    Object Lock keeps the version that was there; the policy keeps a new version from taking its place. An upload has
    to say `If-None-Match: *`; the steps of a multipart upload that create no object are exempt
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html, read 2026-11-24).
    """

    def __init__(self, scope: Construct, id: str, **rest: Any) -> None:
        """Make the bucket; the arguments are those of LockedBucket but `lifecycle`."""
        super().__init__(
            scope,
            id,
            lifecycle=[
                s3.CfnBucket.RuleProperty(
                    id="remove-broken-uploads", status="Enabled", abort_incomplete_multipart_upload=BROKEN_UPLOADS
                )
            ],
            **rest,
        )
        self.add_to_policy(
            deny(
                "NoOverwrite",
                ["s3:PutObject"],
                [self.objects()],
                principal=ANYONE,
                conditions={
                    "Null": {"s3:if-none-match": "true"},
                    "Bool": {"s3:ObjectCreationOperation": "true"},
                },
            ),
            # A delete marker would free the key for other content, though the locked version stays under it.
            deny("NoDeletion", ["s3:DeleteObject"], [self.objects()], principal=ANYONE),
        )


def expiry(retention_days: int) -> list[s3.CfnBucket.RuleProperty]:
    """Rules that remove what the lock no longer holds, and the remains of broken uploads.

    A version is deleted only after it stopped being the current one for as long as the lock lasts, so that S3 never
    meets a locked version; the delete markers left over go by a rule of their own, as S3 demands.
    """
    return [
        s3.CfnBucket.RuleProperty(
            id="expire-after-the-lock",
            status="Enabled",
            expiration_in_days=retention_days + 1,
            noncurrent_version_expiration=s3.CfnBucket.NoncurrentVersionExpirationProperty(
                noncurrent_days=retention_days
            ),
            abort_incomplete_multipart_upload=BROKEN_UPLOADS,
        ),
        s3.CfnBucket.RuleProperty(id="remove-delete-markers", status="Enabled", expired_object_delete_marker=True),
    ]


def no_shorter_lock(bucket: Bucket, retention_days: int) -> tuple[Statement, ...]:
    """Refuse a lock shorter than the minimum or in a mode that can be bypassed; no lock named means the default one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html, read 2026-11-24.
    """
    locking = ["s3:PutObject", "s3:PutObjectRetention"]
    objects = [bucket.objects()]
    return (
        deny(
            "NoShorterLock",
            locking,
            objects,
            principal=ANYONE,
            conditions={"NumericLessThan": {"s3:object-lock-remaining-retention-days": str(retention_days)}},
        ),
        deny(
            "NoWeakerMode",
            locking,
            objects,
            principal=ANYONE,
            conditions={"StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}},
        ),
    )
