"""Bucket policy statements that keep a bucket's own settings from being turned against what it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.constructs.deployment import deployment_role_arn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_s3 as s3

PROTECTION = (
    "s3:DeleteBucket",
    "s3:DeleteBucketPolicy",
    "s3:PutBucketAcl",
    "s3:PutBucketLogging",
    "s3:PutBucketObjectLockConfiguration",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutInventoryConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:PutReplicationConfiguration",
)
"""What would weaken a bucket or let its content out by way of its settings."""


def settings_by_deployment_alone(bucket: s3.Bucket) -> tuple[iam.PolicyStatement, ...]:
    """Refuse changes of the bucket's settings to all but the deployment role, and that role's rights to services.

    A flow log or query log that is created with rights on the bucket's policy has the log delivery service write
    that policy itself ("overwrites any existing policy", VPC guide, read 2026-11-24); `aws:ViaAWSService` is true for
    such a call and false for CloudFormation acting in its service role.
    """
    return (
        _deny(
            "SettingsByDeploymentAlone",
            bucket,
            PROTECTION,
            {"ArnNotEquals": {"aws:PrincipalArn": deployment_role_arn(bucket)}},
        ),
        _deny(
            "NoPolicyOnBehalf",
            bucket,
            ("s3:DeleteBucketPolicy", "s3:PutBucketPolicy"),
            {"Bool": {"aws:ViaAWSService": "true"}},
        ),
    )


def _deny(
    sid: str, bucket: s3.Bucket, actions: Sequence[str], conditions: dict[str, dict[str, str]]
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=list(actions),
        resources=[bucket.bucket_arn],
        conditions=conditions,
    )
