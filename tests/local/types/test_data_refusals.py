"""What AWS refuses of the data part's types, and of the services underneath, by AWS's own error codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import Unsupported, resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = "arn:aws-us-gov:iam::111122223333:root"
NOBODY = "arn:aws-us-gov:iam::111122223333:role/nobody"


def allow(action: str | list[str], resource: str | None = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, **({"Resource": resource} if resource else {}), **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


def bucket_arn(name: str, rest: str = "") -> str:
    return f"arn:aws-us-gov:s3:::{name}{rest}"


LOCKED = {
    "ObjectLockEnabled": True,
    "ObjectLockConfiguration": {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}},
    },
}
TRUST = allow("sts:AssumeRole", None, Principal={"Service": "states.amazonaws.com"})
CREATIONS: dict[str, tuple[str, dict[str, Any], str]] = {
    "lock without versions": (
        "AWS::S3::Bucket",
        {"ObjectLockConfiguration": LOCKED["ObjectLockConfiguration"]},
        "InvalidBucketState",
    ),
    "days and years": (
        "AWS::S3::Bucket",
        {
            "ObjectLockEnabled": True,
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3, "Years": 1}},
            },
        },
        "MalformedXML",
    ),
    "access logs to nowhere": (
        "AWS::S3::Bucket",
        {"LoggingConfiguration": {"DestinationBucketName": "not-there"}},
        "InvalidTargetBucketForLogging",
    ),
    "a key for encryption without KMS": (
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256", "KMSMasterKeyID": "k"}}
                ]
            }
        },
        "InvalidArgument",
    ),
    "an access control list where the owner owns all": (
        "AWS::S3::Bucket",
        {"AccessControl": "LogDeliveryWrite"},
        "InvalidBucketAclWithObjectOwnership",
    ),
    "replication without versions": (
        "AWS::S3::Bucket",
        {
            "ReplicationConfiguration": {
                "Role": NOBODY,
                "Rules": [{"Status": "Enabled", "Destination": {"Bucket": bucket_arn("unit-logs")}}],
            }
        },
        "InvalidRequest",
    ),
    "a notification nobody lets in": (
        "AWS::S3::Bucket",
        {
            "NotificationConfiguration": {
                "TopicConfigurations": [
                    {"Event": "s3:ObjectCreated:*", "Topic": "arn:aws-us-gov:sns:us-gov-west-1:111122223333:news"}
                ]
            }
        },
        "InvalidArgument",
    ),
    "a name that is taken": ("AWS::S3::Bucket", {"BucketName": "unit-logs"}, "BucketAlreadyOwnedByYou"),
    "a policy of another bucket": (
        "AWS::S3::BucketPolicy",
        {"Bucket": "unit-logs", "PolicyDocument": allow("s3:*", bucket_arn("other"), Principal="*")},
        "MalformedPolicy",
    ),
    "a policy for nobody": (
        "AWS::S3::BucketPolicy",
        {"Bucket": "unit-logs", "PolicyDocument": allow("s3:*", bucket_arn("unit-logs"), Principal={"AWS": NOBODY})},
        "MalformedPolicy",
    ),
    "an object's action on a bucket": (
        "AWS::S3::BucketPolicy",
        {"Bucket": "unit-logs", "PolicyDocument": allow("s3:GetObject", bucket_arn("unit-logs"), Principal="*")},
        "MalformedPolicy",
    ),
    "a condition no action knows": (
        "AWS::S3::BucketPolicy",
        {
            "Bucket": "unit-logs",
            "PolicyDocument": allow(
                "s3:GetObject",
                bucket_arn("unit-logs", "/*"),
                Principal={"AWS": ROOT},
                Condition={"StringEquals": {"s3:x-amz-acl": "private"}},
            ),
        },
        "MalformedPolicy",
    ),
    "a public policy": (
        "AWS::S3::BucketPolicy",
        {"Bucket": "unit-logs", "PolicyDocument": allow("s3:GetObject", bucket_arn("unit-logs", "/*"), Principal="*")},
        "AccessDenied",
    ),
    "a policy of no bucket": (
        "AWS::S3::BucketPolicy",
        {"Bucket": "not-there", "PolicyDocument": allow("s3:*", bucket_arn("not-there"), Principal={"AWS": ROOT})},
        "NoSuchBucket",
    ),
    "a key nobody can change": (
        "AWS::KMS::Key",
        {"KeyPolicy": allow("kms:Decrypt", Principal={"AWS": ROOT})},
        "MalformedPolicyDocumentException",
    ),
    "a key for nobody": (
        "AWS::KMS::Key",
        {"KeyPolicy": allow("kms:*", Principal={"AWS": [ROOT, NOBODY]})},
        "MalformedPolicyDocumentException",
    ),
    "rotation of an asymmetric key": (
        "AWS::KMS::Key",
        {"KeySpec": "RSA_2048", "KeyUsage": "SIGN_VERIFY", "EnableKeyRotation": True},
        "UnsupportedOperationException",
    ),
    "a symmetric key that signs": ("AWS::KMS::Key", {"KeyUsage": "SIGN_VERIFY"}, "ValidationException"),
    "rotation more often than AWS offers": (
        "AWS::KMS::Key",
        {"EnableKeyRotation": True, "RotationPeriodInDays": 30},
        "ParamValidationError",
    ),
    "an alias of no key": (
        "AWS::KMS::Alias",
        {"AliasName": "alias/a", "TargetKeyId": "00000000-0000-0000-0000-000000000000"},
        "NotFoundException",
    ),
    "a role that nobody may assume": (
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": allow("sts:AssumeRole", None, Principal={"AWS": NOBODY})},
        "MalformedPolicyDocument",
    ),
    "a boundary that is not there": (
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "PermissionsBoundary": "arn:aws-us-gov:iam::111122223333:policy/not-there",
        },
        "NoSuchEntity",
    ),
    "a policy that is not there": (
        "AWS::IAM::Role",
        {
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": ["arn:aws-us-gov:iam::111122223333:policy/not-there"],
        },
        "NoSuchEntity",
    ),
    "a session of half a day and more": (
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 50_000},
        "ValidationError",
    ),
    "a trust policy too long": (
        "AWS::IAM::Role",
        {"AssumeRolePolicyDocument": {**TRUST, "Id": "x" * 2048}},
        "LimitExceeded",
    ),
    "inline policies too long": (
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": ["holder"], "PolicyDocument": allow("s3:Get*", bucket_arn("x" * 10_240))},
        "LimitExceeded",
    ),
    "an inline policy of no role": (
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": ["nobody"], "PolicyDocument": allow("s3:Get*")},
        "NoSuchEntity",
    ),
    "an inline policy of nobody": (
        "AWS::IAM::Policy",
        {"PolicyName": "p", "PolicyDocument": allow("s3:Get*")},
        "InvalidRequest",
    ),
    "a managed policy too long": (
        "AWS::IAM::ManagedPolicy",
        {"PolicyDocument": allow("s3:Get*", bucket_arn("x" * 6_144))},
        "LimitExceeded",
    ),
    "another partition's resource": (
        "AWS::IAM::ManagedPolicy",
        {"PolicyDocument": allow("s3:Get*", "arn:aws:s3:::bucket")},
        "MalformedPolicyDocument",
    ),
    "a trail to no bucket": (
        "AWS::CloudTrail::Trail",
        {"IsLogging": True, "S3BucketName": "not-there"},
        "S3BucketDoesNotExistException",
    ),
    "a trail its bucket does not let in": (
        "AWS::CloudTrail::Trail",
        {"IsLogging": True, "S3BucketName": "unit-logs"},
        "InsufficientS3BucketPolicyException",
    ),
    "a topic policy for nobody": (
        "AWS::SNS::TopicPolicy",
        {
            "Topics": ["arn:aws-us-gov:sns:us-gov-west-1:111122223333:news"],
            "PolicyDocument": allow("sns:Publish", Principal={"AWS": NOBODY}),
        },
        "InvalidParameter",
    ),
    "a policy of no topic": (
        "AWS::SNS::TopicPolicy",
        {
            "Topics": ["arn:aws-us-gov:sns:us-gov-west-1:111122223333:not-there"],
            "PolicyDocument": allow("sns:Publish", Principal={"AWS": ROOT}),
        },
        "NotFound",
    ),
    "a subscription to no topic": (
        "AWS::SNS::Subscription",
        {
            "TopicArn": "arn:aws-us-gov:sns:us-gov-west-1:111122223333:not-there",
            "Protocol": "sqs",
            "Endpoint": "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:inbox",
        },
        "NotFound",
    ),
    "two kinds of encryption at once": (
        "AWS::SQS::Queue",
        {"KmsMasterKeyId": "alias/aws/sqs", "SqsManagedSseEnabled": True},
        "InvalidAttributeValue",
    ),
    "a policy of no queue": (
        "AWS::SQS::QueuePolicy",
        {
            "Queues": ["https://sqs.us-gov-west-1.amazonaws.com/111122223333/not-there"],
            "PolicyDocument": allow("sqs:SendMessage", Principal={"AWS": ROOT}),
        },
        "AWS.SimpleQueueService.NonExistentQueue",
    ),
    "a value that its pattern forbids": (
        "AWS::SSM::Parameter",
        {"Type": "String", "Value": "x", "AllowedPattern": r"^\d+$"},
        "ParameterPatternMismatchException",
    ),
    "a malformed lifecycle": (
        "AWS::ECR::Repository",
        {
            "LifecyclePolicy": {
                "LifecyclePolicyText": json.dumps({"rules": [{"rulePriority": 0, "selection": {}, "x": "x" * 90}]})
            }
        },
        "InvalidParameterException",
    ),
}


@pytest.mark.parametrize("case", CREATIONS)
def test_a_creation_is_refused_and_leaves_nothing(case: str, world: Any, refused: Callable[[str], Any]) -> None:
    kind, properties, code = CREATIONS[case]
    before = standing(world)
    with refused(code):
        resource_types()[kind].create(properties, world.context)
    assert standing(world) == before


def standing(world: Any) -> dict[str, Any]:
    """What stands in the services of these types; a key that is pending deletion does not."""
    kms = world.client("kms")
    keys = [kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in kms.list_keys()["Keys"]]
    return {
        "buckets": [bucket["Name"] for bucket in world.client("s3").list_buckets()["Buckets"]],
        "keys": [key["KeyId"] for key in keys if key["KeyState"] != "PendingDeletion"],
        "roles": [role["RoleName"] for role in world.client("iam").list_roles()["Roles"]],
        "policies": [policy["Arn"] for policy in world.client("iam").list_policies(Scope="Local")["Policies"]],
        "trails": world.client("cloudtrail").describe_trails()["trailList"],
        "topics": world.client("sns").list_topics()["Topics"],
        "queues": world.client("sqs").list_queues()["QueueUrls"],
        "repositories": world.client("ecr").describe_repositories()["repositories"],
    }


@pytest.mark.parametrize(
    "kind", [k for k in resource_types() if k.startswith(("AWS::KMS::", "AWS::S3::", "AWS::SNS::", "AWS::SQS::"))]
)
def test_a_property_that_is_not_mirrored_fails(kind: str, world: Any) -> None:
    needed = {"Bucket": "unit-logs", "Topics": [world.topic], "Queues": [world.queue]}
    known = {name: value for name, value in needed.items() if kind.endswith(f"::{name.removesuffix('s')}Policy")}
    with pytest.raises((Unsupported, KeyError)):
        resource_types()[kind].create({**known, "NoSuchProperty": 1}, world.context)
