"""What plain boto3 makes is what a template makes: each type reads it back as it reads its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = "arn:aws-us-gov:iam::111122223333:root"
TAGS = [{"Key": "Owner", "Value": "operations"}]
Made = tuple[str, dict[str, Any]]


def allow(action: str, resource: str | None = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, **({"Resource": resource} if resource else {}), **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


TRUST = allow("sts:AssumeRole", None, Principal={"Service": "states.amazonaws.com"})


def key(world: Any) -> Made:
    kms, policy = world.client("kms"), allow("kms:*", Principal={"AWS": ROOT})
    made = kms.create_key(
        Description="d", Policy=json.dumps(policy), Tags=[{"TagKey": "Owner", "TagValue": "operations"}]
    )
    key_id = made["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key_id, RotationPeriodInDays=200)
    kms.disable_key(KeyId=key_id)
    said = {"Description": "d", "KeyPolicy": policy, "EnableKeyRotation": True, "RotationPeriodInDays": 200}
    return key_id, {**said, "Enabled": False, "MultiRegion": False, "KeySpec": "SYMMETRIC_DEFAULT", "Tags": TAGS}


def alias(world: Any) -> Made:
    world.client("kms").create_alias(AliasName="alias/a", TargetKeyId=world.key)
    return "alias/a", {"AliasName": "alias/a", "TargetKeyId": world.key.split("/")[1]}


def bucket(world: Any) -> Made:
    s3 = world.client("s3")
    region = {"LocationConstraint": "us-gov-west-1"}
    s3.create_bucket(Bucket="by-hand", CreateBucketConfiguration=region, ObjectLockEnabledForBucket=True)
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 2}}}
    s3.put_object_lock_configuration(Bucket="by-hand", ObjectLockConfiguration=lock)
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": world.key}
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket="by-hand", ServerSideEncryptionConfiguration={"Rules": [rule]})
    expires = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 3}}
    s3.put_bucket_lifecycle_configuration(Bucket="by-hand", LifecycleConfiguration={"Rules": [expires]})
    logs = {"LoggingEnabled": {"TargetBucket": world.logs, "TargetPrefix": "p/"}}
    s3.put_bucket_logging(Bucket="by-hand", BucketLoggingStatus=logs)
    s3.put_bucket_notification_configuration(
        Bucket="by-hand", NotificationConfiguration={"EventBridgeConfiguration": {}}
    )
    s3.put_bucket_tagging(Bucket="by-hand", Tagging={"TagSet": TAGS})
    said_rule = {"ServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    everything = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return "by-hand", {
        "BucketName": "by-hand",
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [said_rule]},
        "LifecycleConfiguration": {"Rules": [{"Id": "a", "Status": "Enabled", "Prefix": "x/", "ExpirationInDays": 3}]},
        "LoggingConfiguration": {"DestinationBucketName": world.logs, "LogFilePrefix": "p/"},
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": lock,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": dict.fromkeys(everything, True),
        "VersioningConfiguration": {"Status": "Enabled"},
        "Tags": TAGS,
    }


def bucket_policy(world: Any) -> Made:
    policy = allow("s3:GetObject", f"arn:aws-us-gov:s3:::{world.logs}/*", Principal={"AWS": ROOT})
    world.client("s3").put_bucket_policy(Bucket=world.logs, Policy=json.dumps(policy))
    return world.logs, {"Bucket": world.logs, "PolicyDocument": policy}


def role(world: Any) -> Made:
    iam = world.client("iam")
    iam.create_role(
        RoleName="by-hand",
        Path="/p/",
        AssumeRolePolicyDocument=json.dumps(TRUST),
        PermissionsBoundary=world.policy,
        MaxSessionDuration=7200,
        Tags=TAGS,
    )
    iam.attach_role_policy(RoleName="by-hand", PolicyArn=world.other_policy)
    inline = allow("s3:Get*")
    iam.put_role_policy(RoleName="by-hand", PolicyName="inline", PolicyDocument=json.dumps(inline))
    return "by-hand", {
        "RoleName": "by-hand",
        "Path": "/p/",
        "AssumeRolePolicyDocument": TRUST,
        "PermissionsBoundary": world.policy,
        "MaxSessionDuration": 7200,
        "ManagedPolicyArns": [world.other_policy],
        "Policies": [{"PolicyName": "inline", "PolicyDocument": inline}],
        "Tags": TAGS,
    }


def managed_policy(world: Any) -> Made:
    iam = world.client("iam")
    arn = iam.create_policy(PolicyName="hand", Path="/p/", PolicyDocument=json.dumps(allow("s3:Get*")))["Policy"]["Arn"]
    latest = allow("s3:List*")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(latest), SetAsDefault=True)
    iam.attach_role_policy(RoleName=world.role, PolicyArn=arn)
    said = {"ManagedPolicyName": "hand", "Path": "/p/", "PolicyDocument": latest}
    return arn, {**said, "Roles": [world.role], "DefaultVersionId": "v2", "AttachmentCount": 1}


def topic(world: Any) -> Made:
    arn = world.client("sns").create_topic(
        Name="by-hand", Attributes={"DisplayName": "d", "KmsMasterKeyId": world.key, "SignatureVersion": "2"}, Tags=TAGS
    )["TopicArn"]
    world.client("sns").subscribe(TopicArn=arn, Protocol="sqs", Endpoint=world.arn("sqs", "inbox"))
    listed = {"Endpoint": world.arn("sqs", "inbox"), "Protocol": "sqs"}
    said = {"TopicName": "by-hand", "DisplayName": "d", "KmsMasterKeyId": world.key, "SignatureVersion": "2"}
    return arn, {**said, "Subscription": [listed], "Tags": TAGS}


def subscription(world: Any) -> Made:
    said = {"Protocol": "sqs", "Endpoint": world.arn("sqs", "inbox"), "TopicArn": world.topic}
    arn = world.client("sns").subscribe(**said, Attributes={"FilterPolicy": '{"kind": ["alarm"]}'})["SubscriptionArn"]
    return arn, {**said, "FilterPolicy": {"kind": ["alarm"]}, "FilterPolicyScope": "MessageAttributes"}


def queue(world: Any) -> Made:
    url = world.client("sqs").create_queue(
        QueueName="by-hand", Attributes={"VisibilityTimeout": "7"}, tags={"Owner": "operations"}
    )["QueueUrl"]
    return url, {"QueueName": "by-hand", "VisibilityTimeout": 7, "SqsManagedSseEnabled": True, "Tags": TAGS}


def parameter(world: Any) -> Made:
    said = {"Name": "/by/hand", "Type": "String", "Value": "v", "Description": "d"}
    world.client("ssm").put_parameter(**said, Tags=TAGS)
    return "/by/hand", {**said, "Tags": {"Owner": "operations"}}


def repository(world: Any) -> Made:
    world.client("ecr").create_repository(
        repositoryName="by-hand",
        imageTagMutability="IMMUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": world.key},
        tags=TAGS,
    )
    said = {"RepositoryName": "by-hand", "ImageTagMutability": "IMMUTABLE", "Tags": TAGS}
    encryption = {"EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": world.key}}
    return "by-hand", {**said, **encryption, "ImageScanningConfiguration": {"ScanOnPush": True}}


def trail(world: Any) -> Made:
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}}
    bucket_arn = f"arn:aws-us-gov:s3:::{world.logs}"
    lets_in = [*allow("s3:GetBucketAcl", bucket_arn, **service)["Statement"]]
    lets_in += allow("s3:PutObject", f"{bucket_arn}/AWSLogs/*", **service)["Statement"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": lets_in})
    world.client("s3").put_bucket_policy(Bucket=world.logs, Policy=policy)
    trails = world.client("cloudtrail")
    trails.create_trail(
        Name="by-hand", S3BucketName=world.logs, EnableLogFileValidation=True, KmsKeyId=world.key, TagsList=TAGS
    )
    trails.start_logging(Name="by-hand")
    selector = {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    trails.put_event_selectors(TrailName="by-hand", AdvancedEventSelectors=[selector])
    said = {"TrailName": "by-hand", "S3BucketName": world.logs, "EnableLogFileValidation": True, "KMSKeyId": world.key}
    return "by-hand", {**said, "IsLogging": True, "AdvancedEventSelectors": [selector], "Tags": TAGS}


CASES: dict[str, Callable[[Any], Made]] = {
    "AWS::CloudTrail::Trail": trail,
    "AWS::ECR::Repository": repository,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::IAM::Role": role,
    "AWS::KMS::Alias": alias,
    "AWS::KMS::Key": key,
    "AWS::S3::Bucket": bucket,
    "AWS::S3::BucketPolicy": bucket_policy,
    "AWS::SNS::Subscription": subscription,
    "AWS::SNS::Topic": topic,
    "AWS::SQS::Queue": queue,
    "AWS::SSM::Parameter": parameter,
}


@pytest.mark.parametrize("kind", CASES)
def test_what_boto3_makes_reads_as_a_templates(kind: str, world: Any) -> None:
    physical_id, said = CASES[kind](world)
    read = resource_types()[kind].read(physical_id, world.context)
    assert read is not None
    assert {name: read.get(name) for name in said} == said
