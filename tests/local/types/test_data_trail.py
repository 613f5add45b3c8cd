"""AWS::CloudTrail::Trail: what CloudTrail tries before it takes a trail, and how selectors behave."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

TRAIL = "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/unit-trail"
SERVICE = {"Principal": {"Service": "cloudtrail.amazonaws.com"}}
ROOT = "arn:aws-us-gov:iam::111122223333:root"
GROUP = "arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:trail:*"


def allow(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]})


@pytest.fixture
def trail(world: Any) -> dict[str, Any]:
    """A trail that CloudTrail takes, with a key and a log group."""
    bucket = f"arn:aws-us-gov:s3:::{world.logs}"
    for_trail = {"StringEquals": {"aws:SourceArn": TRAIL}}
    owned = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": TRAIL}}
    world.client("s3").put_bucket_policy(
        Bucket=world.logs,
        Policy=allow(
            {**SERVICE, "Action": "s3:GetBucketAcl", "Resource": bucket, "Condition": for_trail},
            {**SERVICE, "Action": "s3:PutObject", "Resource": f"{bucket}/AWSLogs/111122223333/*", "Condition": owned},
        ),
    )
    encryption = {"StringLike": {"kms:EncryptionContext:aws:cloudtrail:arn": TRAIL}}
    world.client("kms").put_key_policy(
        KeyId=world.key,
        Policy=allow(
            {"Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"},
            {**SERVICE, "Action": "kms:GenerateDataKey*", "Resource": "*", "Condition": encryption},
            {**SERVICE, "Action": "kms:DescribeKey", "Resource": "*"},
        ),
    )
    world.client("logs").create_log_group(logGroupName="trail")
    write = {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": GROUP}
    world.client("iam").put_role_policy(RoleName=world.role, PolicyName="write", PolicyDocument=allow(write))
    return {
        "CloudWatchLogsLogGroupArn": GROUP,
        "CloudWatchLogsRoleArn": f"arn:aws-us-gov:iam::111122223333:role/{world.role}",
        "IsLogging": True,
        "IsMultiRegionTrail": True,
        "KMSKeyId": world.key,
        "S3BucketName": world.logs,
        "TrailName": "unit-trail",
    }


def test_a_trail_that_fits_is_taken(world: Any, trail: dict[str, Any]) -> None:
    known = resource_types()["AWS::CloudTrail::Trail"]
    read = known.read(known.create(trail, world.context), world.context)
    assert read is not None
    assert {name: read.get(name) for name in trail} == trail


def test_a_trail_delivers_to_another_accounts_bucket(world: Any, trail: dict[str, Any]) -> None:
    archive = replace(world.context, account="444455556666").client("s3")
    archive.create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "us-gov-west-1"})
    bucket = "arn:aws-us-gov:s3:::archive"
    policy = allow(
        {**SERVICE, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**SERVICE, "Action": "s3:PutObject", "Resource": f"{bucket}/AWSLogs/111122223333/*"},
    )
    archive.put_bucket_policy(Bucket="archive", Policy=policy)
    known = resource_types()["AWS::CloudTrail::Trail"]
    name = known.create({**trail, "S3BucketName": "archive"}, world.context)
    assert (known.read(name, world.context) or {})["S3BucketName"] == "archive"


def other_name(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    return {**trail, "TrailName": "another"}


def no_key(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    return {**trail, "KMSKeyId": "alias/not-there"}


def key_for_others(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    only_root = allow({"Principal": {"AWS": ROOT}, "Action": "kms:*", "Resource": "*"})
    world.client("kms").put_key_policy(KeyId=world.key, Policy=only_root)
    return trail


def disabled_key(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    world.client("kms").disable_key(KeyId=world.key)
    return trail


def no_group(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    world.client("logs").delete_log_group(logGroupName="trail")
    return trail


def no_rights(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    world.client("iam").delete_role_policy(RoleName=world.role, PolicyName="write")
    return trail


def no_trust(world: Any, trail: dict[str, Any]) -> dict[str, Any]:
    other = allow({"Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"})
    world.client("iam").update_assume_role_policy(RoleName=world.role, PolicyDocument=other)
    return trail


REFUSED = {
    "InsufficientS3BucketPolicyException": other_name,
    "KmsKeyNotFoundException": no_key,
    "InsufficientEncryptionPolicyException": key_for_others,
    "KmsKeyDisabledException": disabled_key,
    "InvalidCloudWatchLogsLogGroupArnException": no_group,
    "InvalidCloudWatchLogsLogGroupArnException ": no_rights,
    "InvalidCloudWatchLogsRoleArnException": no_trust,
}


@pytest.mark.parametrize("code", REFUSED)
def test_a_trail_that_could_not_deliver_is_refused(
    code: str, world: Any, trail: dict[str, Any], refused: Callable[[str], Any]
) -> None:
    with refused(code.strip()):
        resource_types()["AWS::CloudTrail::Trail"].create(REFUSED[code](world, trail), world.context)
    assert world.client("cloudtrail").describe_trails()["trailList"] == []


def test_a_refused_update_changes_nothing(world: Any, trail: dict[str, Any], refused: Callable[[str], Any]) -> None:
    known = resource_types()["AWS::CloudTrail::Trail"]
    name = known.create(trail, world.context)
    before = known.read(name, world.context)
    with refused("InsufficientS3BucketPolicyException"):
        known.update(name, trail, {**trail, "S3KeyPrefix": "elsewhere"}, world.context)
    assert known.read(name, world.context) == before


DATA = {"Field": "eventCategory", "Equals": ["Data"]}
SELECTORS: dict[str, dict[str, Any]] = {
    "no category": {"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventName", "Equals": ["x"]}]}]},
    "no type": {"AdvancedEventSelectors": [{"FieldSelectors": [DATA]}]},
    "two kinds": {
        "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}],
        "EventSelectors": [{"ReadWriteType": "All"}],
    },
    "too many values": {
        "AdvancedEventSelectors": [
            {
                "FieldSelectors": [
                    DATA,
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    {"Field": "resources.ARN", "StartsWith": [f"arn:aws-us-gov:s3:::{n}/" for n in range(500)]},
                ]
            }
        ]
    },
}


@pytest.mark.parametrize("case", SELECTORS)
def test_selectors_that_select_nothing_are_refused(
    case: str, world: Any, trail: dict[str, Any], refused: Callable[[str], Any]
) -> None:
    with refused("InvalidEventSelectorsException"):
        resource_types()["AWS::CloudTrail::Trail"].create({**trail, **SELECTORS[case]}, world.context)
    assert world.client("cloudtrail").describe_trails()["trailList"] == []


def test_a_trail_without_selectors_records_management_events(world: Any, trail: dict[str, Any]) -> None:
    resource_types()["AWS::CloudTrail::Trail"].create(trail, world.context)
    client = world.client("cloudtrail")
    selectors = client.get_event_selectors(TrailName="unit-trail")["EventSelectors"]
    assert [(one["ReadWriteType"], one["IncludeManagementEvents"]) for one in selectors] == [("All", True)]
    client.put_event_selectors(TrailName="unit-trail", EventSelectors=[{"ReadWriteType": "ReadOnly"}])
    assert client.get_trail(Name="unit-trail")["Trail"]["HasCustomEventSelectors"] is True


def test_the_trail_is_told_and_taken_by_its_arn(
    world: Any, trail: dict[str, Any], refused: Callable[[str], Any]
) -> None:
    resource_types()["AWS::CloudTrail::Trail"].create(trail, world.context)
    client = world.client("cloudtrail")
    assert client.get_trail(Name=TRAIL)["Trail"]["TrailARN"] == TRAIL
    with refused("InsightNotEnabledException"):
        client.get_insight_selectors(TrailName=TRAIL)
    asked = [{"AttributeKey": "EventName", "AttributeValue": "CreateTrail"}]
    (event,) = client.lookup_events(LookupAttributes=asked)["Events"]
    assert json.loads(event["CloudTrailEvent"])["requestParameters"]["name"] == trail["TrailName"]
    assert len(client.lookup_events(MaxResults=2)["Events"]) == 2
    client.delete_trail(Name=TRAIL)
    with refused("TrailNotFoundException"):
        client.delete_trail(Name=TRAIL)
