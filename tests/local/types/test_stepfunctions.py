"""State machines, and that they really run: a settings keeper against the embedded Bedrock."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.types.trips import (
    ACCOUNT,
    PARTITION,
    PASS,
    SDK,
    Trip,
    arn,
    logging_configuration,
    machine_role,
    made_key,
    made_role,
    made_topic,
    refused,
    run,
    task,
    told,
)

if TYPE_CHECKING:
    from infra.local.resource_type import Context


def machine(context: Context, **changes: Any) -> dict[str, Any]:
    context.client("logs").create_log_group(logGroupName="/aws/vendedlogs/states/keeper")
    group = arn("logs", "log-group:/aws/vendedlogs/states/keeper:*")
    return {
        "StateMachineName": "keeper",
        "StateMachineType": "STANDARD",
        "DefinitionString": json.dumps(PASS),
        "RoleArn": machine_role(context),
        "LoggingConfiguration": {
            "Level": "ALL",
            "IncludeExecutionData": False,
            "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": group}}],
        },
        "TracingConfiguration": {"Enabled": True},
        "EncryptionConfiguration": {
            "Type": "CUSTOMER_MANAGED_KMS_KEY",
            "KmsKeyId": made_key(context, "delivery.logs.amazonaws.com"),
            "KmsDataKeyReusePeriodSeconds": 300,
        },
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def test_a_state_machine_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::StepFunctions::StateMachine", machine(context))
    trip.holds()
    assert trip.id == arn("states", "stateMachine:keeper")
    told = trip.read()
    assert (told["Name"], told["Arn"], told["StateMachineRevisionId"]) == ("keeper", trip.id, "INITIAL")
    plain = {"LoggingConfiguration": None, "TracingConfiguration": None, "EncryptionConfiguration": None}
    trip.change(**plain, DefinitionString=json.dumps({**PASS, "Comment": "changed"}))
    trip.holds()
    told = context.client("stepfunctions").describe_state_machine(stateMachineArn=trip.id)
    assert told["loggingConfiguration"]["level"] == "OFF"
    assert told["tracingConfiguration"] == {"enabled": False}
    assert told["encryptionConfiguration"] == {"type": "AWS_OWNED_KEY"}
    assert trip.read()["StateMachineRevisionId"] == told["revisionId"]
    trip.gone()


def test_a_definition_given_as_an_object_has_its_substitutions_made(context: Context) -> None:
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "${what}", "End": True}}}
    properties = machine(context, Definition=definition, DefinitionSubstitutions={"what": "done"})
    del properties["DefinitionString"], properties["StateMachineName"]
    trip = Trip(context, "AWS::StepFunctions::StateMachine", properties)
    assert json.loads(trip.read()["DefinitionString"])["States"]["P"]["Result"] == "done"
    assert trip.read()["Name"] == "unit-Thing-ABCDEF123456"
    assert run(context, trip.id, "{}")["output"] == '"done"'


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"RoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/absent"}, "AccessDeniedException"),
        ({"DefinitionString": "{}"}, "InvalidDefinition"),
        ({"DefinitionString": task(f"{SDK}bedrock:noSuchAction")}, "InvalidDefinition"),
        ({"DefinitionString": task("arn:aws:states:::aws-sdk:bedrock:getAccountDataRetention")}, "InvalidDefinition"),
        (
            {"DefinitionString": task(f"{SDK}bedrock:putAccountDataRetention", Parameters={"Wrong": "none"})},
            "InvalidDefinition",
        ),
        (
            {"LoggingConfiguration": {"Level": "ALL", "Destinations": []}},
            "InvalidLoggingConfiguration",
        ),
        (
            {"EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": "0" * 8}},
            "InvalidEncryptionConfiguration",
        ),
        (
            {"EncryptionConfiguration": {"Type": "AWS_OWNED_KEY", "KmsDataKeyReusePeriodSeconds": 60}},
            "InvalidEncryptionConfiguration",
        ),
    ],
)
def test_a_state_machine_is_refused(context: Context, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::StepFunctions::StateMachine", machine(context, **changes))
    assert refused(error) == code


def test_a_role_that_may_not_deliver_logs_is_refused(context: Context) -> None:
    properties = machine(context)
    properties["RoleArn"] = made_role(context, "mute", "states.amazonaws.com", "kms:*")
    with pytest.raises(ClientError, match="not authorized to access the Log Destination"):
        Trip(context, "AWS::StepFunctions::StateMachine", properties)


def test_the_same_machine_twice_is_one_and_another_is_refused(context: Context) -> None:
    client = context.client("stepfunctions")
    wanted = {"name": "m", "roleArn": machine_role(context), "definition": json.dumps(PASS)}
    assert client.create_state_machine(**wanted) | {"ResponseMetadata": 0} == client.create_state_machine(**wanted) | {
        "ResponseMetadata": 0
    }
    with pytest.raises(ClientError) as error:
        client.create_state_machine(**wanted, tracingConfiguration={"enabled": True})
    assert refused(error) == "StateMachineAlreadyExists"


def keeper(topic: str, logging: dict[str, Any]) -> dict[str, Any]:
    """Compare, then put: invocation logging and data retention, as a settings keeper does; an error is an alarm."""
    put = {"loggingConfig": logging}
    pascal = json.loads(json.dumps(put), object_hook=lambda o: {key[0].upper() + key[1:]: o[key] for key in o})
    alarm = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.Error", "Next": "Alarm"}]
    same = {
        "And": [
            {"Variable": "$.Now.LoggingConfig.CloudWatchConfig.LogGroupName", "IsPresent": True},
            {
                "Variable": "$.Now.LoggingConfig.CloudWatchConfig.LogGroupName",
                "StringEquals": logging["cloudWatchConfig"]["logGroupName"],
            },
            {"Variable": "$.Now.LoggingConfig.TextDataDeliveryEnabled", "BooleanEquals": True},
        ]
    }

    def task(action: str, following: str, **state: Any) -> dict[str, Any]:
        return {"Type": "Task", "Resource": f"{SDK}{action}", "Catch": alarm, "Next": following, **state}

    return {
        "StartAt": "Read",
        "States": {
            "Read": task("bedrock:getModelInvocationLoggingConfiguration", "Compare", ResultPath="$.Now"),
            "Compare": {"Type": "Choice", "Choices": [{**same, "Next": "Retention"}], "Default": "Put"},
            "Put": task(
                "bedrock:putModelInvocationLoggingConfiguration", "Retention", Parameters=pascal, ResultPath=None
            ),
            "Retention": task("bedrock:getAccountDataRetention", "Kept", ResultPath="$.Retention"),
            "Kept": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.Retention.Mode", "StringEquals": "none", "Next": "Count"}],
                "Default": "PutRetention",
            },
            "PutRetention": task(
                "bedrock:putAccountDataRetention", "Count", Parameters={"Mode": "none"}, ResultPath=None
            ),
            "Count": task(
                "cloudwatch:putMetricData",
                "Done",
                Parameters={
                    "Namespace": "Enclave",
                    "MetricData": [{"MetricName": "Kept", "Value": 1, "Unit": "Count"}],
                },
                ResultPath=None,
            ),
            "Alarm": {
                "Type": "Task",
                "Resource": f"{SDK}sns:publish",
                "Parameters": {"TopicArn": topic, "Message.$": "States.JsonToString($.Error)"},
                "ResultPath": None,
                "Next": "Failed",
            },
            "Failed": {"Type": "Fail", "Error": "NotKept"},
            "Done": {"Type": "Succeed"},
        },
    }


def test_a_keeper_puts_the_settings_back_and_then_leaves_them(context: Context) -> None:
    bedrock, states = context.client("bedrock"), context.client("stepfunctions")
    topic = context.client("sns").create_topic(Name="alarms")["TopicArn"]
    wanted = logging_configuration(context)
    definition = json.dumps(keeper(topic, wanted))
    made = states.create_state_machine(name="keeper", roleArn=machine_role(context), definition=definition)
    entered = []
    for _ in range(2):
        told = run(context, made["stateMachineArn"], "{}")
        assert told["status"] == "SUCCEEDED", told
        events = states.get_execution_history(executionArn=told["executionArn"])["events"]
        entered.append([event["stateEnteredEventDetails"]["name"] for event in events if "Entered" in event["type"]])
    assert entered[0] == ["Read", "Compare", "Put", "Retention", "Kept", "PutRetention", "Count", "Done"]
    assert entered[1] == ["Read", "Compare", "Retention", "Kept", "Count", "Done"]
    assert bedrock.get_model_invocation_logging_configuration()["loggingConfig"] == wanted
    assert bedrock.get_account_data_retention()["mode"] == "none"
    metrics = context.client("cloudwatch").list_metrics(Namespace="Enclave")["Metrics"]
    assert [metric["MetricName"] for metric in metrics] == ["Kept"]


def test_a_keeper_that_cannot_put_raises_an_alarm(context: Context) -> None:
    topic = made_topic(context)
    wanted = logging_configuration(context)
    context.client("iam").delete_role_policy(RoleName="invocations", PolicyName="p")
    made = context.client("stepfunctions").create_state_machine(
        name="keeper", roleArn=machine_role(context), definition=json.dumps(keeper(topic, wanted))
    )
    assert run(context, made["stateMachineArn"], "{}")["error"] == "NotKept"
    assert [message["Error"] for message in told(context)] == ["Bedrock.ValidationException"]


def test_a_branch_that_fails_fails_the_machine_and_can_be_caught(context: Context) -> None:
    failing = {"StartAt": "F", "States": {"F": {"Type": "Task", "Resource": f"{SDK}sns:publish", "End": True}}}
    branches = [failing, {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}]
    caught = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Told"}]
    both = {"Type": "Parallel", "Branches": branches, "Catch": caught, "End": True}
    definition = {"StartAt": "Both", "States": {"Both": both, "Told": {"Type": "Pass", "End": True}}}
    made = context.client("stepfunctions").create_state_machine(
        name="m", roleArn=machine_role(context), definition=json.dumps(definition)
    )
    done = run(context, made["stateMachineArn"], '{"Wrong": 1}')
    assert done["status"] == "SUCCEEDED"
    assert "States.Runtime" in json.loads(done["output"])["error"]["Error"]


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.list[0].name", "a"),
        ("$.list[1]", {"name": "b"}),
        ("$.list[*].name", ["a", "b"]),
        ("$.list[0:1].name", ["a"]),
        ("$.list[?(@.name=='b')].name", ["b"]),
        ("$.list[?(@.name=='c')]", []),
        ("$.deep..name", ["d"]),
        ("$['key: of [things]']", 1),
    ],
)
def test_a_path_gives_what_step_functions_gives(context: Context, path: str, found: Any) -> None:
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Parameters": {"found.$": path}, "End": True}}}
    made = context.client("stepfunctions").create_state_machine(
        name="m", roleArn=machine_role(context), definition=json.dumps(definition)
    )
    data = {"list": [{"name": "a"}, {"name": "b"}], "deep": {"er": {"name": "d"}}, "key: of [things]": 1}
    done = run(context, made["stateMachineArn"], json.dumps(data))
    assert json.loads(done["output"]) == {"found": found}
