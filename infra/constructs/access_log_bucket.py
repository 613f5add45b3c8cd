"""The bucket that takes the access logs of the others, which AWS forbids to lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.bucket import BROKEN_UPLOADS, Bucket
from infra.constructs.statement import ANYONE, allow, by_service, deny

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.statement import Statement
    from infra.settings import Enclave


class AccessLogBucket(Bucket):
    """A bucket for S3 server access logs: encrypted by S3 itself, versioned, deletable by nobody.

    S3 delivers access logs neither to a bucket with Object Lock nor to one whose default encryption is a KMS key
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, read 2026-11-24), so
    deletion is refused by policy instead; what is past retention goes by lifecycle, which no policy stops.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        deployment_role: str,
        account: str,
        retention_days: int,
    ) -> None:
        """Make the bucket.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            deployment_role: ARN of the only role that may change its settings.
            account: account it lies in, and the buckets whose logs it takes.
            retention_days: how long a log is kept.
        """
        super().__init__(
            scope,
            id,
            settings=settings,
            deployment_role=deployment_role,
            encryption={"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}},
            lifecycle=[
                {
                    "Id": "expire-after-retention",
                    "Status": "Enabled",
                    "ExpirationInDays": retention_days + 1,
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
                    "AbortIncompleteMultipartUpload": BROKEN_UPLOADS,
                }
            ],
            policy=[no_deletion],
        )
        self._account = account

    def admit(self, bucket: Bucket, *, word: str, under: str) -> None:
        """Let S3 deliver the access logs of `bucket`, which `word` names, under that prefix."""
        self.statements.append(
            allow(
                f"LogsOf{word}",
                ["s3:PutObject"],
                [self.objects(f"{under}*")],
                principal=by_service("logging.s3.amazonaws.com"),
                conditions={
                    "StringEquals": {"aws:SourceAccount": self._account},
                    "ArnLike": {"aws:SourceArn": bucket.arn},
                },
            )
        )
        # The logged buckets are made after this one, which they name.
        self.policy.add_property_override("PolicyDocument.Statement", self.statements)


def no_deletion(bucket: Bucket) -> list[Statement]:
    """Refuse every deletion of an object, whoever asks."""
    actions = ["s3:DeleteObject", "s3:DeleteObjectVersion"]
    return [deny("NoDeletion", actions, [bucket.objects()], principal=ANYONE)]
