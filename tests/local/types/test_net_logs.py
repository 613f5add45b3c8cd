"""Types of CloudWatch Logs: read back equal, changed, taken away; and what the service refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import Unsupported, resource_types

if TYPE_CHECKING:
    from infra.local.resource_type import Context

Properties = dict[str, Any]
STATEMENT = {
    "Effect": "Allow",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}
POLICY = {"Version": "2012-10-17", "Statement": [STATEMENT]}
PROTECTION = {"Name": "masks", "Version": "2021-06-01", "Statement": []}


def a_key(aws: Context, *, group: str) -> str:
    """A key whose policy serves exactly this group, besides its account."""
    root = {"AWS": f"arn:{aws.partition}:iam::{aws.account}:root"}
    encrypts = {
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{aws.region}.amazonaws.com"},
        "Action": ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
        "Resource": "*",
        "Condition": {
            "ArnLike": {
                "kms:EncryptionContext:aws:logs:arn": (
                    f"arn:{aws.partition}:logs:{aws.region}:{aws.account}:log-group:{group}"
                )
            }
        },
    }
    owns = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [owns, encrypts]})
    return str(aws.client("kms").create_key(Policy=policy)["KeyMetadata"]["Arn"])


def group_properties(aws: Context) -> Properties:
    return {
        "LogGroupName": "/aws/vendedlogs/enclave",
        "KmsKeyId": a_key(aws, group="/aws/vendedlogs/*"),
        "RetentionInDays": 30,
        "LogGroupClass": "STANDARD",
        "DeletionProtectionEnabled": True,
        "BearerTokenAuthenticationEnabled": False,
        "DataProtectionPolicy": PROTECTION,
        "FieldIndexPolicies": [{"Fields": ["eventName"]}],
        "ResourcePolicyDocument": POLICY,
        "Tags": [{"Key": "Owner", "Value": "operations"}],
    }


def test_a_log_group_is_read_back_changed_and_taken_away(aws: Context) -> None:
    group, before = resource_types()["AWS::Logs::LogGroup"], group_properties(aws)
    made = group.create(before, aws)
    found = group.read(made, aws)
    assert found is not None
    assert {name: found.get(name) for name in before} == before
    assert found["Arn"] == f"arn:aws-us-gov:logs:us-gov-west-1:{aws.account}:log-group:{made}:*"

    after = {"LogGroupName": made, "RetentionInDays": 365, "KmsKeyId": a_key(aws, group=made)}
    group.update(made, before, after, aws)
    found = group.read(made, aws)
    assert found is not None
    gone = {"DataProtectionPolicy", "FieldIndexPolicies", "ResourcePolicyDocument", "Tags"}
    assert {name: found.get(name) for name in after} == after
    assert found["DeletionProtectionEnabled"] is False
    assert gone.isdisjoint(found)

    group.delete(made, after, aws)
    assert group.read(made, aws) is None
    group.delete(made, after, aws)


def test_a_log_group_without_a_name_gets_one(aws: Context) -> None:
    made = resource_types()["AWS::Logs::LogGroup"].create({}, aws)
    assert made == "unit-Thing-ABCDEF123456"


def test_a_group_that_could_not_be_finished_is_not_left_behind(aws: Context) -> None:
    with pytest.raises(ClientError):
        resource_types()["AWS::Logs::LogGroup"].create({"LogGroupName": "half", "RetentionInDays": 42}, aws)
    assert aws.client("logs").describe_log_groups()["logGroups"] == []


def test_a_property_without_a_place_in_the_api_is_refused(aws: Context) -> None:
    group = resource_types()["AWS::Logs::LogGroup"]
    with pytest.raises(Unsupported, match="property Colour"):
        group.create({"LogGroupName": "grey", "Colour": "grey"}, aws)
    made = group.create({"LogGroupName": "plain"}, aws)
    with pytest.raises(Unsupported, match="update of AWS::Logs::LogGroup LogGroupClass"):
        group.update(made, {}, {"LogGroupClass": "INFREQUENT_ACCESS"}, aws)


def test_a_metric_filter_is_read_back_overwritten_and_taken_away(aws: Context) -> None:
    aws.client("logs").create_log_group(logGroupName="trail")
    kind = resource_types()["AWS::Logs::MetricFilter"]
    transformation = {"MetricName": "Changes", "MetricNamespace": "Enclave", "MetricValue": "1"}
    before = {
        "LogGroupName": "trail",
        "FilterName": "changes",
        "FilterPattern": "{ $.eventName = StopLogging }",
        "MetricTransformations": [{**transformation, "DefaultValue": 0, "Unit": "Count"}],
        "ApplyOnTransformedLogs": True,
    }
    dimensions = [{"Key": "Who", "Value": "$.userIdentity.arn"}]
    after = {**before, "MetricTransformations": [{**transformation, "Dimensions": dimensions}]}
    made = kind.create(before, aws)
    for properties in (before, after):
        if properties is after:
            kind.update(made, before, after, aws)
        found = kind.read(made, aws)
        assert found is not None
        assert {name: found.get(name) for name in properties} == properties
    assert len(aws.client("logs").describe_metric_filters()["metricFilters"]) == 1
    kind.delete(made, after, aws)
    assert kind.read(made, aws) is None
    kind.delete(made, after, aws)


def test_a_resource_policy_is_read_back_changed_and_taken_away(aws: Context) -> None:
    kind = resource_types()["AWS::Logs::ResourcePolicy"]
    before = {"PolicyName": "delivery", "PolicyDocument": POLICY}
    made = kind.create(before, aws)
    denied = json.dumps({**POLICY, "Statement": [{**STATEMENT, "Effect": "Deny"}]})
    for document in (json.dumps(POLICY, separators=(",", ":")), denied):
        if document is denied:
            kind.update(made, before, {**before, "PolicyDocument": document}, aws)
        found = kind.read(made, aws)
        assert found is not None
        assert (found["PolicyName"], found["PolicyDocument"]) == ("delivery", document)
    kind.delete(made, before, aws)
    assert kind.read(made, aws) is None
    kind.delete(made, before, aws)


def refused(code: str, call: Any, **arguments: Any) -> None:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code


def test_a_key_that_does_not_serve_the_group_is_refused(aws: Context) -> None:
    logs, key = aws.client("logs"), a_key(aws, group="elsewhere")
    refused("AccessDeniedException", logs.create_log_group, logGroupName="here", kmsKeyId=key)
    assert logs.describe_log_groups()["logGroups"] == []
    logs.create_log_group(logGroupName="elsewhere", kmsKeyId=key)
    logs.create_log_group(logGroupName="here")
    refused("AccessDeniedException", logs.associate_kms_key, logGroupName="here", kmsKeyId=key)
    refused("AccessDeniedException", logs.create_log_group, logGroupName="x", kmsKeyId=key[:-1] + "0")


def test_a_protected_group_stays_until_it_is_not(aws: Context) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="kept", deletionProtectionEnabled=True)
    refused("ValidationException", logs.delete_log_group, logGroupName="kept")
    logs.put_log_group_deletion_protection(logGroupIdentifier="kept", deletionProtectionEnabled=False)
    logs.delete_log_group(logGroupName="kept")
    refused("ResourceNotFoundException", logs.delete_log_group, logGroupName="kept")


def test_retention_is_one_of_the_numbers_aws_offers(aws: Context) -> None:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="kept")
    refused("InvalidParameterException", logs.put_retention_policy, logGroupName="kept", retentionInDays=42)
    logs.put_retention_policy(logGroupName="kept", retentionInDays=7)
    assert logs.describe_log_groups()["logGroups"][0]["retentionInDays"] == 7


def test_what_refers_to_a_group_that_is_not_there_is_refused(aws: Context) -> None:
    logs = aws.client("logs")
    transformation = [{"metricName": "m", "metricNamespace": "n", "metricValue": "1"}]
    asked = {"filterName": "f", "filterPattern": "", "metricTransformations": transformation}
    refused("ResourceNotFoundException", logs.put_metric_filter, logGroupName="none", **asked)
    refused("ResourceNotFoundException", logs.put_retention_policy, logGroupName="none", retentionInDays=7)
    logs.create_log_group(logGroupName="twice")
    refused("ResourceAlreadyExistsException", logs.create_log_group, logGroupName="twice")
    logs.put_metric_filter(logGroupName="twice", **asked)
    logs.delete_log_group(logGroupName="twice")
    assert logs.describe_metric_filters()["metricFilters"] == []


def test_an_eleventh_resource_policy_is_refused(aws: Context) -> None:
    logs, document = aws.client("logs"), json.dumps(POLICY)
    for number in range(10):
        logs.put_resource_policy(policyName=f"p{number}", policyDocument=document)
    refused("LimitExceededException", logs.put_resource_policy, policyName="p10", policyDocument=document)
    logs.put_resource_policy(policyName="p9", policyDocument=document)


def test_groups_are_told_in_pages(aws: Context) -> None:
    logs = aws.client("logs")
    for number in range(60):
        logs.create_log_group(logGroupName=f"g{number:02}")
    pages = logs.get_paginator("describe_log_groups").paginate()
    assert [group["logGroupName"] for page in pages for group in page["logGroups"]] == [f"g{n:02}" for n in range(60)]
