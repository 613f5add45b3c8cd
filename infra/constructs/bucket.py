"""What every bucket of the enclave has in common: private, versioned, TLS alone, changed by deployments alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy

from infra.constructs.resource import Resource
from infra.constructs.statement import ANYONE, deny, document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from constructs import Construct

    from infra.constructs.resource import Properties
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
BROKEN_UPLOADS = {"DaysAfterInitiation": 1}
"""Removes the parts of uploads that were never completed."""


if TYPE_CHECKING:
    Clause = Callable[["Bucket"], Iterable[Statement]]
    """Statements of a bucket's policy, given the bucket."""


class Bucket(Resource):
    """A bucket with a policy; both outlive their stack, for a bucket without its policy would be the weaker."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        deployment_role: str,
        encryption: Properties,
        lifecycle: Sequence[Properties],
        policy: Sequence[Clause] = (),
        name: str | None = None,
        properties: Properties | None = None,
    ) -> None:
        """Make bucket and policy.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            deployment_role: ARN of the only role that may change its settings.
            encryption: how its objects are encrypted by default.
            lifecycle: what becomes of objects in time.
            policy: what the bucket policy says besides what it says of every bucket.
            name: physical name, where another account's stack must name the bucket; generated otherwise.
            properties: further properties of the bucket.
        """
        super().__init__(
            scope,
            id,
            "AWS::S3::Bucket",
            {
                "BucketName": name,
                "BucketEncryption": {"ServerSideEncryptionConfiguration": [encryption]},
                "LifecycleConfiguration": {"Rules": list(lifecycle)},
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "VersioningConfiguration": {"Status": "Enabled"},
                **(properties or {}),
            },
            # A fixed name goes if its creation is rolled back, or it would block the next try.
            removal=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if name else RemovalPolicy.RETAIN,
        )
        self.name = name or self.physical_id
        self.arn = f"arn:{settings.partition}:s3:::{name}" if name else self.attribute("Arn")
        self.statements = [
            *tls_alone(self),
            *settings_by_deployment_alone(self, deployment_role),
            *(statement for clause in policy for statement in clause(self)),
        ]
        self.policy = Resource(
            self,
            "Policy",
            "AWS::S3::BucketPolicy",
            {"Bucket": self.physical_id, "PolicyDocument": document(self.statements)},
            removal=RemovalPolicy.RETAIN,
        )

    def objects(self, pattern: str = "*") -> str:
        """The ARN of the objects whose keys match."""
        return f"{self.arn}/{pattern}"


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
