"""EventBridge rules, and that what they watch reaches their targets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.services import events
from tests.local.types.trips import (
    ACCOUNT,
    PARTITION,
    SDK,
    Trip,
    arn,
    logging_trail,
    machine_role,
    made_key,
    made_role,
    made_topic,
    refused,
    run,
    scheduled_machine,
    task,
    told,
)

if TYPE_CHECKING:
    from infra.local.resource_type import Context

NOT_THE_KEEPER = [{"anything-but": ["keeper"]}, {"exists": False}]
GUARDRAIL_CHANGES = {
    "source": ["aws.bedrock"],
    "detail-type": ["AWS API Call via CloudTrail"],
    "detail": {
        "eventSource": ["bedrock.amazonaws.com"],
        "eventName": ["UpdateGuardrail", "PutAccountDataRetention"],
        "userIdentity": {"sessionContext": {"sessionIssuer": {"arn": NOT_THE_KEEPER}}},
    },
}


def rule(context: Context, **changes: Any) -> dict[str, Any]:
    states, _ = scheduled_machine(context)
    role = made_role(context, "events", "events.amazonaws.com", "states:StartExecution")
    transformer = {"InputPathsMap": {"name": "$.detail.eventName"}, "InputTemplate": '{"what": "<name> was called"}'}
    return {
        "Name": "changes",
        "Description": "guardrail changes",
        "EventBusName": "default",
        "EventPattern": GUARDRAIL_CHANGES,
        "State": "ENABLED",
        "RoleArn": role,
        "Targets": [
            {
                "Id": "topic",
                "Arn": made_topic(context),
                "InputTransformer": transformer,
                "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
                "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 2},
            },
            {"Id": "keeper", "Arn": states, "RoleArn": role, "Input": "{}"},
        ],
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def test_a_rule_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::Events::Rule", rule(context))
    trip.holds()
    assert trip.id == "changes"
    assert (trip.read()["Arn"], trip.read()["RuleName"]) == (arn("events", "rule/changes"), "changes")
    with pytest.raises(ClientError, match="has targets") as error:
        context.client("events").delete_rule(Name="changes")
    assert refused(error) == "ValidationException"
    trip.change(Targets=trip.properties["Targets"][:1], State="DISABLED", Tags=None, Description=None)
    trip.holds()
    trip.change(EventPattern=None, ScheduleExpression="rate(1 day)")
    trip.holds()
    assert "EventPattern" not in trip.read()
    trip.gone()


def _first_target(**changes: Any) -> list[dict[str, Any]]:
    return [{"Id": "t", "Arn": arn("sns", "alarms"), **changes}]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"EventPattern": {"source": []}}, "InvalidEventPatternException"),
        ({"EventPattern": None, "ScheduleExpression": "rate(0 days)"}, "ValidationException"),
        ({"EventBusName": "absent"}, "ResourceNotFoundException"),
        ({"State": "SLEEPING"}, "ValidationException"),
        ({"Targets": _first_target(Arn=arn("states", "stateMachine:m"))}, "ValidationException"),
        ({"Targets": _first_target(Arn="arn:aws:sns:us-gov-west-1:111122223333:alarms")}, "ValidationException"),
        ({"Targets": _first_target(Input="{}", InputPath="$.detail")}, "ValidationException"),
        ({"RoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/keeper"}, "ValidationException"),
        ({"Targets": [{"Id": str(n), "Arn": arn("sns", "alarms")} for n in range(6)]}, "LimitExceededException"),
    ],
)
def test_a_rule_is_refused(context: Context, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::Events::Rule", rule(context, **changes))
    assert refused(error) == code
    assert context.client("events").list_rules()["Rules"] == []  # what failed half-way leaves nothing behind


def test_a_change_reaches_topic_and_machine(context: Context) -> None:
    trip = Trip(context, "AWS::Events::Rule", rule(context))
    bedrock = context.client("bedrock")
    bedrock.put_account_data_retention(mode="none")
    assert told(context) == []  # no trail logs, so nothing tells EventBridge
    logging_trail(context)
    bedrock.put_account_data_retention(mode="none")
    bedrock.get_account_data_retention()
    bedrock.create_guardrail(
        name="g",
        blockedInputMessaging="a",
        blockedOutputsMessaging="b",
        wordPolicyConfig={"wordsConfig": [{"text": "w"}]},
    )
    assert told(context) == [{"what": "PutAccountDataRetention was called"}]
    machine_arn = trip.properties["Targets"][1]["Arn"]
    assert len(context.client("stepfunctions").list_executions(stateMachineArn=machine_arn)["executions"]) == 1
    trip.change(State="DISABLED")
    bedrock.put_account_data_retention(mode="none")
    assert told(context) == []


@pytest.mark.parametrize(
    ("pattern", "heard"),
    [
        ({"source": [{"prefix": "aws."}]}, True),
        ({"source": ["aws.s3", "aws.bedrock"], "detail": {"eventName": [{"prefix": "PutAccount"}]}}, True),
        ({"detail": {"eventName": ["CreateGuardrail", {"anything-but": ["CreateGuardrail"]}]}}, True),
        ({"detail": {"eventName": [{"prefix": "Create"}]}}, False),
        ({"source": ["aws.bedrock"], "detail": {"eventName": ["PutAccount"]}}, False),
        ({"source": [{"prefix": "aws.s"}]}, False),
    ],
)
def test_a_pattern_may_name_what_it_wants_by_matchers(context: Context, pattern: dict[str, Any], heard: bool) -> None:
    given = rule(context, EventPattern=pattern)
    Trip(context, "AWS::Events::Rule", {**given, "Targets": given["Targets"][:1]})
    logging_trail(context)
    told(context)
    context.client("bedrock").put_account_data_retention(mode="none")
    assert told(context) == ([{"what": "PutAccountDataRetention was called"}] if heard else [])


def test_a_topic_whose_policy_or_key_keeps_events_out_hears_nothing(context: Context) -> None:
    queue = context.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
    Trip(context, "AWS::Events::Rule", rule(context))
    logging_trail(context)
    sns, topic = context.client("sns"), arn("sns", "alarms")
    change = context.client("bedrock").put_account_data_retention
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue=made_key(context))
    change(mode="none")
    assert told(context) == []
    (message,) = context.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="")
    change(mode="none")
    assert len(told(context)) == 1


def test_a_template_is_filled_as_text_in_quotes_and_as_json_outside() -> None:
    values = {"name": 'a "b"', "count": 3, "list": ["x"]}
    assert json.loads(events.fill('{"a": <name>, "b": "<name>: <count>", "c": <list>}', values)) == {
        "a": 'a "b"',
        "b": 'a "b": 3',
        "c": ["x"],
    }


def test_what_a_machine_does_is_told_as_done_by_its_role(context: Context) -> None:
    topic, role = made_topic(context), machine_role(context)
    logging_trail(context)
    issuer = {"sessionContext": {"sessionIssuer": {"arn": [{"anything-but": [role]}, {"exists": False}]}}}
    pattern = {"source": ["aws.bedrock"], "detail": {"userIdentity": issuer}}
    transformer = {"InputPathsMap": {"who": "$.detail.userIdentity.arn"}, "InputTemplate": '{"who": <who>}'}
    targets = [{"Id": "t", "Arn": topic, "InputTransformer": transformer}]
    Trip(context, "AWS::Events::Rule", {"Name": "others", "EventPattern": pattern, "Targets": targets})
    definition = task(f"{SDK}bedrock:putAccountDataRetention", Parameters={"Mode": "none"})
    states = context.client("stepfunctions")
    made = states.create_state_machine(name="m", roleArn=role, definition=definition)["stateMachineArn"]
    assert run(context, made, "{}")["status"] == "SUCCEEDED"
    assert told(context) == []
    other = made_role(context, "other", "states.amazonaws.com")
    states.update_state_machine(stateMachineArn=made, roleArn=other)
    assert run(context, made, "{}")["status"] == "SUCCEEDED"
    (message,) = told(context)
    assert message["who"].startswith(f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/other/")


def test_what_happens_to_a_bucket_and_what_stops_a_trail_is_told(context: Context) -> None:
    topic = made_topic(context)
    logging_trail(context)
    transformer = {"InputPathsMap": {"name": "$.detail.eventName"}, "InputTemplate": "[<name>]"}
    targets = [{"Id": "t", "Arn": topic, "InputTransformer": transformer}]
    pattern = {"source": ["aws.s3", "aws.cloudtrail"]}
    Trip(context, "AWS::Events::Rule", {"Name": "records", "EventPattern": pattern, "Targets": targets})
    s3 = context.client("s3")
    s3.put_bucket_versioning(Bucket="trail", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="trail", Key="k", Body=b"")
    s3.get_bucket_versioning(Bucket="trail")
    context.client("cloudtrail").stop_logging(Name="trail")
    s3.put_bucket_versioning(Bucket="trail", VersioningConfiguration={"Status": "Suspended"})
    assert sorted(told(context)) == [["PutBucketVersioning"], ["StopLogging"]]
