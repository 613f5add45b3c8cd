"""The data part's types: made, read back equal, changed, taken back, deleted; and the same made by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = "arn:aws-us-gov:iam::111122223333:root"
TAGS = [{"Key": "Owner", "Value": "operations"}]
Properties = dict[str, Any]


def allow(action: str | list[str], resource: str = "*", **more: Any) -> Properties:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}],
    }


def trust(service: str) -> Properties:
    document = allow("sts:AssumeRole", Principal={"Service": service})
    del document["Statement"][0]["Resource"]
    return document


def key(world: Any) -> tuple[Properties, Properties]:
    policy = allow("kms:*", Principal={"AWS": ROOT})
    made = {
        "Description": "evidence",
        "EnableKeyRotation": True,
        "RotationPeriodInDays": 180,
        "Enabled": True,
        "KeyPolicy": policy,
        "KeySpec": "SYMMETRIC_DEFAULT",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "MultiRegion": True,
        "PendingWindowInDays": 7,
        "Tags": TAGS,
    }
    narrower = allow(["kms:Describe*", "kms:PutKeyPolicy"], Principal={"AWS": ROOT})
    return made, {
        "KeyPolicy": narrower,
        "EnableKeyRotation": False,
        "Enabled": True,
        "MultiRegion": True,
        "Description": "",
        "Tags": [],
    }


def alias(world: Any) -> tuple[Properties, Properties]:
    made = {"AliasName": "alias/evidence", "TargetKeyId": world.key.split("/")[1]}
    return made, {**made, "TargetKeyId": world.other_key.split("/")[1]}


def bucket(world: Any) -> tuple[Properties, Properties]:
    made = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": True,
                    "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": world.key},
                }
            ]
        },
        "CorsConfiguration": {
            "CorsRules": [
                {
                    "Id": "one",
                    "AllowedMethods": ["GET"],
                    "AllowedOrigins": ["https://example.gov"],
                    "AllowedHeaders": ["*"],
                    "ExposedHeaders": ["ETag"],
                    "MaxAge": 60,
                }
            ]
        },
        "InventoryConfigurations": [
            {
                "Id": "weekly",
                "Destination": {"BucketArn": f"arn:aws-us-gov:s3:::{world.logs}", "Format": "CSV", "Prefix": "i"},
                "Enabled": True,
                "IncludedObjectVersions": "All",
                "OptionalFields": ["Size", "ObjectLockMode"],
                "ScheduleFrequency": "Weekly",
            }
        ],
        "LifecycleConfiguration": {
            "Rules": [
                {
                    "Id": "old",
                    "Status": "Enabled",
                    "Prefix": "logs/",
                    "ObjectSizeGreaterThan": "1024",
                    "TagFilters": [{"Key": "kind", "Value": "log"}],
                    "ExpirationInDays": 40,
                    "NoncurrentVersionExpiration": {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2},
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 10}],
                    "NoncurrentVersionTransitions": [
                        {"StorageClass": "GLACIER", "TransitionInDays": 5, "NewerNoncurrentVersions": 1}
                    ],
                },
                {"Id": "dated", "Status": "Disabled", "ExpirationDate": "2030-01-01T00:00:00Z"},
                {"Id": "parts", "Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
            ],
            "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
        },
        "LoggingConfiguration": {
            "DestinationBucketName": world.logs,
            "LogFilePrefix": "evidence/",
            "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
        },
        "MetricsConfigurations": [
            {"Id": "all"},
            {"Id": "some", "Prefix": "a/", "TagFilters": [{"Key": "k", "Value": "v"}]},
        ],
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}},
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": False,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": False,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "WebsiteConfiguration": {
            "IndexDocument": "index.html",
            "ErrorDocument": "error.html",
            "RoutingRules": [
                {"RedirectRule": {"HostName": "example.gov"}, "RoutingRuleCondition": {"KeyPrefixEquals": "old/"}}
            ],
        },
        "Tags": TAGS,
    }
    changed = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms:dsse"}}]
        },
        "LifecycleConfiguration": {
            "Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 41}],
        },
        "ObjectLockEnabled": True,
        "ObjectLockConfiguration": {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 1}},
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": False,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": False,
            "RestrictPublicBuckets": True,
        },
        "Tags": [],
    }
    return made, changed


def bucket_policy(world: Any) -> tuple[Properties, Properties]:
    arn = f"arn:aws-us-gov:s3:::{world.logs}"
    secure = {"Bool": {"aws:SecureTransport": "false"}}
    made = {
        "Bucket": world.logs,
        "PolicyDocument": allow("s3:*", f"{arn}/*", Effect="Deny", Principal="*", Condition=secure),
    }
    return made, {"Bucket": world.logs, "PolicyDocument": allow("s3:GetObject", f"{arn}/*", Principal={"AWS": ROOT})}


def role(world: Any) -> tuple[Properties, Properties]:
    made = {
        "AssumeRolePolicyDocument": trust("states.amazonaws.com"),
        "Description": "keeper",
        "ManagedPolicyArns": [world.policy, world.other_policy],  # told in the order of their names
        "MaxSessionDuration": 7200,
        "Path": "/enclave/",
        "PermissionsBoundary": world.policy,
        "Policies": [{"PolicyName": "inline", "PolicyDocument": allow("bedrock:Get*")}],
        "Tags": TAGS,
    }
    changed = {
        "AssumeRolePolicyDocument": trust("scheduler.amazonaws.com"),
        "ManagedPolicyArns": [world.other_policy],
        "MaxSessionDuration": 3600,
        "Path": "/enclave/",
        "Policies": [{"PolicyName": "another", "PolicyDocument": allow("bedrock:List*")}],
        "Tags": [],
    }
    return made, changed


def inline_policy(world: Any) -> tuple[Properties, Properties]:
    made = {"PolicyName": "grants", "PolicyDocument": allow("s3:Get*"), "Roles": [world.role]}
    return made, {"PolicyName": "renamed", "PolicyDocument": allow("s3:List*"), "Roles": [world.role]}


def managed_policy(world: Any) -> tuple[Properties, Properties]:
    made = {"Description": "d", "Path": "/enclave/", "PolicyDocument": allow("s3:Get*"), "Roles": [world.role]}
    return made, {"Description": "d", "Path": "/enclave/", "PolicyDocument": allow("s3:List*")}


def trail(world: Any) -> tuple[Properties, Properties]:
    delivers_to(world, world.logs, "")
    delivers_to(world, "unit-other", "kept/")
    selector = {
        "Name": "models",
        "FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::Bedrock::Model"]},
            {"Field": "eventName", "NotEquals": ["GetObject"]},
        ],
    }
    made = {
        "AdvancedEventSelectors": [selector],
        "EnableLogFileValidation": True,
        "IncludeGlobalServiceEvents": True,
        "InsightSelectors": [{"InsightType": "ApiCallRateInsight"}],
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": False,
        "KMSKeyId": world.key,
        "S3BucketName": world.logs,
        "SnsTopicName": "news",
        "TrailName": "unit-trail",
        "Tags": TAGS,
    }
    basic = {
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": True,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": [f"arn:aws-us-gov:s3:::{world.logs}/"]}],
        "ExcludeManagementEventSources": ["kms.amazonaws.com"],
    }
    changed = {
        "EnableLogFileValidation": False,
        "EventSelectors": [basic],
        "IsLogging": False,
        "IsMultiRegionTrail": False,
        "S3BucketName": "unit-other",
        "S3KeyPrefix": "kept",
        "TrailName": "unit-trail",
        "Tags": [],
    }
    return made, changed


def delivers_to(world: Any, name: str, prefix: str) -> None:
    s3 = world.client("s3")
    if name != world.logs:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-gov-west-1"})
    service = {"Principal": {"Service": "cloudtrail.amazonaws.com"}}
    source = {"aws:SourceArn": world.arn("cloudtrail", "trail/unit-trail")}
    log = f"arn:aws-us-gov:s3:::{name}/{prefix}AWSLogs/111122223333/*"
    owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", **source}}
    statements = [
        *allow("s3:GetBucketAcl", f"arn:aws-us-gov:s3:::{name}", Condition={"StringEquals": source}, **service)[
            "Statement"
        ],
        *allow("s3:PutObject", log, Condition=owned, **service)["Statement"],
    ]
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def topic(world: Any) -> tuple[Properties, Properties]:
    feedback = f"arn:aws-us-gov:iam::111122223333:role/{world.role}"
    made = {
        "DisplayName": "alarms",
        "DeliveryStatusLogging": [
            {"Protocol": "sqs", "SuccessFeedbackRoleArn": feedback, "SuccessFeedbackSampleRate": "10"}
        ],
        "DataProtectionPolicy": {"Name": "p", "Version": "2021-06-01", "Statement": []},
        "KmsMasterKeyId": world.key,
        "SignatureVersion": "2",
        "Subscription": [{"Endpoint": world.arn("sqs", "inbox"), "Protocol": "sqs"}],
        "TopicName": "alarms",
        "TracingConfig": "Active",
        "Tags": TAGS,
    }
    return made, {
        "DisplayName": "others",
        "TopicName": "alarms",
        "SignatureVersion": "1",
        "TracingConfig": "PassThrough",
        "Tags": [],
    }


def subscription(world: Any) -> tuple[Properties, Properties]:
    made = {
        "Endpoint": world.arn("sqs", "inbox"),
        "FilterPolicy": {"kind": ["alarm"]},
        "FilterPolicyScope": "MessageBody",
        "Protocol": "sqs",
        "RawMessageDelivery": True,
        "TopicArn": world.topic,
    }
    return made, {"Endpoint": made["Endpoint"], "Protocol": "sqs", "TopicArn": world.topic, "RawMessageDelivery": False}


def topic_policy(world: Any) -> tuple[Properties, Properties]:
    publishes = {"Principal": {"Service": "cloudwatch.amazonaws.com"}}
    made = {"PolicyDocument": allow("sns:Publish", world.topic, **publishes), "Topics": [world.topic]}
    return made, {**made, "PolicyDocument": allow("sns:Publish", world.topic, Principal={"AWS": ROOT})}


def queue(world: Any) -> tuple[Properties, Properties]:
    made = {
        "ContentBasedDeduplication": True,
        "DeduplicationScope": "queue",
        "DelaySeconds": 5,
        "FifoQueue": True,
        "FifoThroughputLimit": "perQueue",
        "KmsDataKeyReusePeriodSeconds": 600,
        "KmsMasterKeyId": world.key,
        "MaximumMessageSize": 2048,
        "MessageRetentionPeriod": 3600,
        "QueueName": "ordered.fifo",
        "ReceiveMessageWaitTimeSeconds": 10,
        "RedriveAllowPolicy": {"redrivePermission": "denyAll"},
        "VisibilityTimeout": 60,
        "Tags": TAGS,
    }
    changed = {
        "FifoQueue": True,
        "QueueName": "ordered.fifo",
        "SqsManagedSseEnabled": True,
        "VisibilityTimeout": 61,
        "Tags": [],
    }
    return made, changed


def queue_policy(world: Any) -> tuple[Properties, Properties]:
    sends = {"Principal": {"Service": "events.amazonaws.com"}}
    made = {"PolicyDocument": allow("sqs:SendMessage", world.arn("sqs", "inbox"), **sends), "Queues": [world.queue]}
    return made, {
        **made,
        "PolicyDocument": allow("sqs:SendMessage", world.arn("sqs", "inbox"), Principal={"AWS": ROOT}),
    }


def parameter(world: Any) -> tuple[Properties, Properties]:
    made = {
        "AllowedPattern": r"^\d+$",
        "DataType": "text",
        "Description": "which version",
        "Name": "/enclave/version",
        "Tier": "Standard",
        "Type": "String",
        "Value": "33",
        "Tags": {"Owner": "operations"},
    }
    return made, {"Name": "/enclave/version", "Type": "String", "Value": "34", "Tags": {}}


def repository(world: Any) -> tuple[Properties, Properties]:
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 9},
        "action": {"type": "expire"},
    }
    pull = allow("ecr:BatchGetImage", Principal={"AWS": ROOT})
    del pull["Statement"][0]["Resource"]
    made = {
        "EmptyOnDelete": True,
        "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": world.key},
        "ImageScanningConfiguration": {"ScanOnPush": True},
        "ImageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
        "ImageTagMutabilityExclusionFilters": [
            {"ImageTagMutabilityExclusionFilterType": "WILDCARD", "ImageTagMutabilityExclusionFilterValue": "dev*"}
        ],
        "LifecyclePolicy": {"LifecyclePolicyText": json.dumps({"rules": [rule]})},
        "RepositoryName": "models/server",
        "RepositoryPolicyText": pull,
        "Tags": TAGS,
    }
    return made, {"RepositoryName": "models/server", "ImageTagMutability": "MUTABLE", "Tags": []}


CASES: dict[str, tuple[Callable[[Any], tuple[Properties, Properties]], tuple[str, ...]]] = {
    "AWS::CloudTrail::Trail": (trail, ()),
    "AWS::ECR::Repository": (repository, ("EmptyOnDelete",)),
    "AWS::IAM::ManagedPolicy": (managed_policy, ()),
    "AWS::IAM::Policy": (inline_policy, ()),
    "AWS::IAM::Role": (role, ()),
    "AWS::KMS::Alias": (alias, ()),
    "AWS::KMS::Key": (key, ("PendingWindowInDays",)),
    "AWS::S3::Bucket": (bucket, ()),
    "AWS::S3::BucketPolicy": (bucket_policy, ()),
    "AWS::SNS::Subscription": (subscription, ()),
    "AWS::SNS::Topic": (topic, ()),
    "AWS::SNS::TopicPolicy": (topic_policy, ()),
    "AWS::SQS::Queue": (queue, ()),
    "AWS::SQS::QueuePolicy": (queue_policy, ()),
    "AWS::SSM::Parameter": (parameter, ()),
}
"""The type, what it is made with and changed to, and what no service tells."""


@pytest.mark.parametrize("kind", CASES)
def test_what_a_template_says_is_what_the_service_has(kind: str, world: Any, life: Callable[..., str]) -> None:
    case, unread = CASES[kind]
    life(kind, *case(world), unread)


@pytest.mark.parametrize("kind", CASES)
def test_what_leaves_the_template_leaves_the_service(kind: str, world: Any) -> None:
    case, _ = CASES[kind]
    made, changed = case(world)
    known = resource_types()[kind]
    physical_id = known.create(changed, world.context)
    fresh = known.read(physical_id, world.context)
    known.update(physical_id, changed, made, world.context)
    known.update(physical_id, made, changed, world.context)
    varying = {"DefaultVersionId", "UpdateDate"}
    again = known.read(physical_id, world.context)
    assert fresh is not None
    assert again is not None
    assert {k: v for k, v in again.items() if k not in varying} == {k: v for k, v in fresh.items() if k not in varying}
