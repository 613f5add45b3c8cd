"""The bucket that takes the access logs of the others, which AWS forbids to lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from infra.constructs.bucket_protection import settings_by_deployment_alone

if TYPE_CHECKING:
    from constructs import Construct


class AccessLogBucket(s3.Bucket):
    """A bucket for S3 server access logs: encrypted by S3 itself, versioned, deletable by nobody.

    S3 delivers access logs neither to a bucket with Object Lock nor to one whose default encryption is a KMS key
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, read 2026-11-24), so
    deletion is refused by policy instead; what is past retention goes by lifecycle, which no policy stops.
    """

    def __init__(self, scope: Construct, id: str, *, retention_days: int) -> None:
        """Make the bucket; `retention_days` is how long a log is kept."""
        super().__init__(
            scope,
            id,
            encryption=s3.BucketEncryption.S3_MANAGED,
            versioned=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="expire-after-retention",
                    expiration=Duration.days(retention_days + 1),
                    noncurrent_version_expiration=Duration.days(1),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NoDeletion",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:DeleteObject", "s3:DeleteObjectVersion"],
                resources=[self.arn_for_objects("*")],
            )
        )
        for statement in settings_by_deployment_alone(self):
            self.add_to_resource_policy(statement)
        cast("s3.BucketPolicy", self.policy).apply_removal_policy(RemovalPolicy.RETAIN)
