"""Buckets whose objects nobody can delete before their lock ends, the account's root user included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.constructs.bucket import BROKEN_UPLOADS, Bucket
from infra.constructs.statement import ANYONE, deny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.access_log_bucket import AccessLogBucket
    from infra.constructs.bucket import Clause
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.resource import Properties
    from infra.constructs.statement import Conditions, Statement
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
        deployment_role: str,
        key: CustomerKey,
        access_logs: AccessLogBucket,
        retention_days: int,
        lifecycle: Sequence[Properties],
        policy: Sequence[Clause] = (),
        name: str | None = None,
    ) -> None:
        """Make the bucket.

        Args:
            scope: construct above.
            id: id within it; also the prefix of its access logs.
            settings: the enclave.
            deployment_role: ARN of the only role that may change its settings.
            key: key that encrypts its objects.
            access_logs: bucket that takes its access logs, in the same account and region.
            retention_days: how long an object cannot be deleted; no object may carry a shorter lock.
            lifecycle: what becomes of objects in time.
            policy: what else the bucket policy says.
            name: physical name, where another account's stack must name the bucket; generated otherwise.
        """
        super().__init__(
            scope,
            id,
            settings=settings,
            deployment_role=deployment_role,
            name=name,
            encryption={
                "BucketKeyEnabled": True,
                "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn},
            },
            lifecycle=lifecycle,
            policy=[no_shorter_lock(retention_days), *policy],
            properties={
                "ObjectLockEnabled": True,
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": retention_days}},
                },
                "LoggingConfiguration": {
                    "DestinationBucketName": access_logs.name,
                    "LogFilePrefix": f"{id.lower()}/",
                },
            },
        )
        self.key = key
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
                {"Id": "remove-broken-uploads", "Status": "Enabled", "AbortIncompleteMultipartUpload": BROKEN_UPLOADS}
            ],
            policy=[written_once],
            **rest,
        )


def written_once(bucket: Bucket) -> list[Statement]:
    """Refuse an upload over an object that is there, and a deletion, after which the key would be free again."""
    objects = [bucket.objects()]
    return [
        deny(
            "NoOverwrite",
            ["s3:PutObject"],
            objects,
            principal=ANYONE,
            conditions={
                "Null": {"s3:if-none-match": "true"},
                "Bool": {"s3:ObjectCreationOperation": "true"},
            },
        ),
        # A delete marker would free the key for other content, though the locked version stays under it.
        deny("NoDeletion", ["s3:DeleteObject"], objects, principal=ANYONE),
    ]


def expiry(retention_days: int) -> list[Properties]:
    """Rules that remove what the lock no longer holds, and the remains of broken uploads.

    A version is deleted only after it stopped being the current one for as long as the lock lasts, so that S3 never
    meets a locked version; the delete markers left over go by a rule of their own, as S3 demands.
    """
    return [
        {
            "Id": "expire-after-the-lock",
            "Status": "Enabled",
            "ExpirationInDays": retention_days + 1,
            "NoncurrentVersionExpiration": {"NoncurrentDays": retention_days},
            "AbortIncompleteMultipartUpload": BROKEN_UPLOADS,
        },
        {"Id": "remove-delete-markers", "Status": "Enabled", "ExpiredObjectDeleteMarker": True},
    ]


def no_shorter_lock(retention_days: int) -> Clause:
    """Refuse a lock shorter than the minimum or in a mode that can be bypassed; no lock named means the default one.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html, read 2026-11-24.
    """
    locking = ["s3:PutObject", "s3:PutObjectRetention"]
    refused: dict[str, Conditions] = {
        "NoShorterLock": {"NumericLessThan": {"s3:object-lock-remaining-retention-days": str(retention_days)}},
        "NoWeakerMode": {"StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}},
    }
    return lambda bucket: [
        deny(sid, locking, [bucket.objects()], principal=ANYONE, conditions=conditions)
        for sid, conditions in refused.items()
    ]
