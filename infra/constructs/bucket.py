"""What every bucket of the enclave has in common: private, versioned, TLS alone, changed by deployments alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_s3 as s3

from infra.constructs.deployment import deployment_role_arn
from infra.constructs.statement import ANYONE, deny, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.statement import Statement
    from infra.settings import Enclave

SETTINGS = (
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

OLDEST_TLS = 1.2
BROKEN_UPLOADS = s3.CfnBucket.AbortIncompleteMultipartUploadProperty(days_after_initiation=1)
"""Removes the parts of uploads that were never completed."""


class Bucket(s3.CfnBucket):
    """A bucket with a policy; both outlive their stack, for a bucket without its policy would be the weaker."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        account: str,
        encryption: s3.CfnBucket.ServerSideEncryptionRuleProperty,
        lifecycle: Sequence[s3.CfnBucket.RuleProperty],
        name: str | None = None,
        **properties: Any,
    ) -> None:
        """Make bucket and policy.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            account: account the bucket lies in.
            encryption: how its objects are encrypted by default.
            lifecycle: what becomes of objects in time.
            name: physical name, where another account's stack must name the bucket; generated otherwise.
            properties: further properties of the bucket.
        """
        super().__init__(
            scope,
            id,
            bucket_name=name,
            bucket_encryption=s3.CfnBucket.BucketEncryptionProperty(server_side_encryption_configuration=[encryption]),
            lifecycle_configuration=s3.CfnBucket.LifecycleConfigurationProperty(rules=list(lifecycle)),
            ownership_controls=s3.CfnBucket.OwnershipControlsProperty(
                rules=[s3.CfnBucket.OwnershipControlsRuleProperty(object_ownership="BucketOwnerEnforced")]
            ),
            public_access_block_configuration=s3.CfnBucket.PublicAccessBlockConfigurationProperty(
                block_public_acls=True,
                block_public_policy=True,
                ignore_public_acls=True,
                restrict_public_buckets=True,
            ),
            versioning_configuration=s3.CfnBucket.VersioningConfigurationProperty(status="Enabled"),
            **properties,
        )
        self.name = name or self.ref
        self.arn = f"arn:{settings.partition}:s3:::{name}" if name else self.attr_arn
        self._statements: list[Statement] = [
            *tls_alone(self),
            *settings_by_deployment_alone(self, deployment_role_arn(scope, settings, account)),
        ]
        self.policy = s3.CfnBucketPolicy(self, "Policy", bucket=self.ref, policy_document=document(self._statements))
        # A fixed name goes if its creation is rolled back, or it would block the next try.
        kept = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if name else RemovalPolicy.RETAIN
        self.apply_removal_policy(kept)
        self.policy.apply_removal_policy(RemovalPolicy.RETAIN)

    def objects(self, pattern: str = "*") -> str:
        """The ARN of the objects whose keys match."""
        return f"{self.arn}/{pattern}"

    def add_to_policy(self, *statements: Statement) -> None:
        """Add what somebody else needs of the bucket, or must not do to it."""
        self._statements += statements
        self.policy.policy_document = document(self._statements)


def tls_alone(bucket: Bucket) -> tuple[Statement, ...]:
    """Refuse requests without TLS, and with a version of it that is no longer safe."""
    everything = [bucket.arn, bucket.objects()]
    return (
        deny(
            "OnlyTls",
            ["s3:*"],
            everything,
            principal=ANYONE,
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
        deny(
            "OnlySafeTls",
            ["s3:*"],
            everything,
            principal=ANYONE,
            conditions={"NumericLessThan": {"s3:TlsVersion": OLDEST_TLS}},
        ),
    )


def settings_by_deployment_alone(bucket: Bucket, deployment_role: str) -> tuple[Statement, ...]:
    """Refuse changes of the bucket's settings to all but the deployment role, and that role's rights to services.

    A flow log or query log that is created with rights on the bucket's policy has the log delivery service write
    that policy itself ("overwrites any existing policy", VPC guide, read 2026-11-24); `aws:ViaAWSService` is true for
    such a call and false for CloudFormation acting in its service role.
    """
    return (
        deny(
            "SettingsByDeploymentAlone",
            SETTINGS,
            [bucket.arn],
            principal=ANYONE,
            conditions={"ArnNotEquals": {"aws:PrincipalArn": deployment_role}},
        ),
        deny(
            "NoPolicyOnBehalf",
            ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"],
            [bucket.arn],
            principal=ANYONE,
            conditions={"Bool": {"aws:ViaAWSService": "true"}},
        ),
    )
