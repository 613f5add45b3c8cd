"""A script as a user of boto3 writes it: stacks of its own, with waiters and paginators, and change sets by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, WaiterError

if TYPE_CHECKING:
    from tests.local.engine.conftest import Stacks

QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}}
MINE: dict[str, Any] = {
    "Parameters": {"Seconds": {"Type": "Number", "Default": 30}},
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": {"Ref": "Seconds"}}}},
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}, "Export": {"Name": "url"}}},
}


def test_a_script_makes_changes_and_deletes_a_stack_of_its_own(stacks: Stacks) -> None:
    cloudformation, named = stacks.api, {"StackName": "mine"}
    cloudformation.create_stack(TemplateBody=json.dumps(MINE), **named)
    cloudformation.get_waiter("stack_create_complete").wait(**named)
    (stack,) = cloudformation.describe_stacks(**named)["Stacks"]
    (output,) = stack["Outputs"]
    seconds = [{"ParameterKey": "Seconds", "ParameterValue": "60"}]
    cloudformation.update_stack(UsePreviousTemplate=True, Parameters=seconds, **named)
    cloudformation.get_waiter("stack_update_complete").wait(**named)
    sqs = stacks.server.client("sqs")
    (url,) = sqs.list_queues(QueueNamePrefix="mine-")["QueueUrls"]
    assert url.split("/")[-1] == output["OutputValue"].split("/")[-1]
    timeout = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]
    assert timeout == {"VisibilityTimeout": "60"}
    with pytest.raises(ClientError, match="No updates are to be performed"):
        cloudformation.update_stack(UsePreviousTemplate=True, Parameters=seconds, **named)
    wanted = {**MINE, "Resources": {**MINE["Resources"], "Second": QUEUE}}
    by_hand = {"ChangeSetName": "by-hand", **named}
    cloudformation.create_change_set(TemplateBody=json.dumps(wanted), Parameters=seconds, **by_hand)
    cloudformation.get_waiter("change_set_create_complete").wait(**by_hand)
    (change,) = cloudformation.describe_change_set(**by_hand)["Changes"]
    assert (change["ResourceChange"]["Action"], change["ResourceChange"]["LogicalResourceId"]) == ("Add", "Second")
    cloudformation.execute_change_set(**by_hand)
    cloudformation.get_waiter("stack_update_complete").wait(**named)
    events = cloudformation.get_paginator("describe_stack_events").paginate(**named)
    assert "Second" in {e["LogicalResourceId"] for page in events for e in page["StackEvents"]}
    cloudformation.delete_stack(**named)
    cloudformation.get_waiter("stack_delete_complete").wait(**named)
    assert sqs.list_queues(QueueNamePrefix="mine-").get("QueueUrls", []) == []


def test_a_waiter_says_what_failed(stacks: Stacks) -> None:
    cloudformation, named = stacks.api, {"StackName": "bad"}
    policy = {
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws-us-gov:s3:::no"}]
    }
    nowhere = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": "nowhere-of-the-test", "PolicyDocument": policy},
    }
    cloudformation.create_stack(TemplateBody=json.dumps({"Resources": {"Policy": nowhere}}), **named)
    with pytest.raises(WaiterError, match='"ROLLBACK_COMPLETE"'):
        cloudformation.get_waiter("stack_create_complete").wait(**named)
    (event,) = [
        e
        for e in cloudformation.describe_stack_events(**named)["StackEvents"]
        if e["ResourceStatus"] == "CREATE_FAILED"
    ]
    assert "NoSuchBucket" in event["ResourceStatusReason"]
    cloudformation.delete_stack(**named)
    cloudformation.get_waiter("stack_delete_complete").wait(**named)
