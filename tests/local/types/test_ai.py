"""Types of Bedrock, Step Functions and the services around them: read back equal, changed, refused, gone."""

from __future__ import annotations

import json
import threading
import time
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import Context, Unsupported, resource_types
from infra.local.services import events, scheduler

ACCOUNT, REGION, PARTITION = "111122223333", "us-gov-west-1", "aws-us-gov"
OF_STACK = [{"Key": "Owner", "Value": "operations"}]


@pytest.fixture
def context(aws: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.delenv("MOTO_IAM_LOAD_MANAGED_POLICIES")  # a second a test, and nothing here attaches one
    return replace(aws, tags={"Owner": "operations"})


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def arn(service: str, resource: str) -> str:
    return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def made_role(context: Context, name: str, service: str, *actions: str) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam = context.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]
    if actions:
        allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allowed))
    return str(role["Arn"])


def made_key(context: Context) -> str:
    return str(context.client("kms").create_key()["KeyMetadata"]["Arn"])


class Trip:
    """One resource on its way: created with every property, read back, changed, deleted."""

    def __init__(self, context: Context, kind: str, properties: dict[str, Any]) -> None:
        self.properties = {name: value for name, value in properties.items() if value is not None}
        self.context, self.kind, self.type = context, kind, resource_types()[kind]
        self.id = self.type.create(deepcopy(self.properties), context)

    def read(self) -> dict[str, Any]:
        found = self.type.read(self.id, self.context)
        assert found is not None
        return found

    def holds(self, *, write_only: tuple[str, ...] = (), tagged: bool = True) -> None:
        expected = {name: value for name, value in self.properties.items() if name not in write_only}
        if tagged:
            expected["Tags"] = [*OF_STACK, *self.properties.get("Tags", [])]
        found = self.read()
        assert {name: found.get(name) for name in expected} == expected

    def change(self, **changes: Any) -> None:
        new = {name: value for name, value in {**self.properties, **changes}.items() if value is not None}
        self.type.update(self.id, deepcopy(self.properties), deepcopy(new), self.context)
        self.properties = new

    def gone(self) -> None:
        self.type.delete(self.id, self.properties, self.context)
        assert self.type.read(self.id, self.context) is None
        self.type.delete(self.id, self.properties, self.context)


# --- Bedrock ----------------------------------------------------------------------------------------------------

BOTH = {"InputAction": "BLOCK", "OutputAction": "BLOCK", "InputEnabled": True, "OutputEnabled": True}
STRENGTHS = {"InputStrength": "HIGH", "OutputStrength": "HIGH"}
GUARDRAIL: dict[str, Any] = {
    "Name": "sandbox",
    "Description": "baseline",
    "BlockedInputMessaging": "refused",
    "BlockedOutputsMessaging": "withheld",
    "TopicPolicyConfig": {
        "TopicsConfig": [
            {"Name": "domestic-surveillance", "Definition": "d", "Examples": ["e"], "Type": "DENY", **BOTH},
        ],
        "TopicsTierConfig": {"TierName": "CLASSIC"},
    },
    "ContentPolicyConfig": {
        "FiltersConfig": [
            {"Type": "SEXUAL", **STRENGTHS, "InputModalities": ["TEXT"], "OutputModalities": ["TEXT", "IMAGE"], **BOTH},
            {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"},
        ],
        "ContentFiltersTierConfig": {"TierName": "CLASSIC"},
    },
    "WordPolicyConfig": {"WordsConfig": [{"Text": "w", **BOTH}], "ManagedWordListsConfig": [{"Type": "PROFANITY"}]},
    "SensitiveInformationPolicyConfig": {
        "PiiEntitiesConfig": [{"Type": "EMAIL", "Action": "ANONYMIZE", "OutputAction": "ANONYMIZE"}],
        "RegexesConfig": [{"Name": "badge", "Pattern": "[0-9]+", "Action": "BLOCK", "Description": "a badge"}],
    },
    "ContextualGroundingPolicyConfig": {"FiltersConfig": [{"Type": "GROUNDING", "Threshold": 0.7, "Action": "BLOCK"}]},
    "Tags": [{"Key": "Purpose", "Value": "test"}],
}


def test_a_guardrail_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::Bedrock::Guardrail", {**GUARDRAIL, "KmsKeyArn": made_key(context)})
    trip.holds()
    assert trip.id.startswith(f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:guardrail/")
    assert trip.read()["Status"] == "READY"
    trip.change(WordPolicyConfig=None, Description="changed", Tags=None)
    trip.holds()
    assert "WordPolicyConfig" not in trip.read()
    trip.gone()


def test_a_guardrail_made_by_boto3_is_the_same_state(context: Context) -> None:
    client = context.client("bedrock")
    own = client.create_guardrail(
        name="own",
        blockedInputMessaging="a",
        blockedOutputsMessaging="b",
        wordPolicyConfig={"wordsConfig": [{"text": "w"}]},
    )
    read = resource_types()["AWS::Bedrock::Guardrail"].read(own["guardrailArn"], context)
    assert read is not None
    assert read["WordPolicyConfig"] == {"WordsConfig": [{"Text": "w"}]}
    trip = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    told = client.get_guardrail(guardrailIdentifier=trip.id)
    assert told["topicPolicy"]["topics"][0]["inputAction"] == "BLOCK"
    assert told["contentPolicy"]["tier"] == {"tierName": "CLASSIC"}
    assert [entry["name"] for entry in client.list_guardrails()["guardrails"]] == ["own", "sandbox"]


def _topic(**changes: Any) -> dict[str, Any]:
    return {"topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "d", "type": "DENY", **changes}]}}


@pytest.mark.parametrize(
    ("policies", "code", "says"),
    [
        ({}, "ValidationException", "at least one policy"),
        (_topic(definition="d" * 201), "ValidationException", "length less than or equal to 200"),
        (_topic(examples=["e"] * 6), "ValidationException", "examples"),
        (_topic(type="ALLOW"), "ValidationException", "enum value set"),
        (_topic(name="no/slash"), "ValidationException", "regular expression pattern"),
        (
            {
                "contentPolicyConfig": {
                    "filtersConfig": [{"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}]
                }
            },
            "ValidationException",
            "PROMPT ATTACK content filter strength for response must be NONE",
        ),
        (
            {"wordPolicyConfig": {"wordsConfig": [{"text": "w"}, {"text": "w"}]}},
            "ValidationException",
            "duplicate word",
        ),
        (
            {
                **_topic(),
                "topicPolicyConfig": {**_topic()["topicPolicyConfig"], "tierConfig": {"tierName": "STANDARD"}},
            },
            "ValidationException",
            "cross-Region",
        ),
        ({**_topic(), "name": "taken"}, "ConflictException", "already has this name"),
        ({**_topic(), "kmsKeyId": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "AccessDeniedException", "KMS key"),
    ],
)
def test_a_guardrail_is_refused(context: Context, policies: dict[str, Any], code: str, says: str) -> None:
    client = context.client("bedrock")
    whole = {"name": "g", "blockedInputMessaging": "a", "blockedOutputsMessaging": "b"}
    client.create_guardrail(**{**whole, "name": "taken"}, **_topic())
    with pytest.raises(ClientError, match=says) as error:
        client.create_guardrail(**{**whole, **policies})
    assert refused(error) == code


def test_versions_are_snapshots_with_rising_numbers(context: Context) -> None:
    guardrail = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    kind = "AWS::Bedrock::GuardrailVersion"
    first = Trip(context, kind, {"GuardrailIdentifier": guardrail.id, "Description": "d1"})
    first.holds(write_only=("GuardrailIdentifier",), tagged=False)
    assert first.id == guardrail.read()["GuardrailId"] + "|1"
    guardrail.change(BlockedInputMessaging="changed")
    second = Trip(context, kind, {"GuardrailIdentifier": guardrail.id})
    client = context.client("bedrock")
    told = [
        client.get_guardrail(guardrailIdentifier=guardrail.id, guardrailVersion=version)["blockedInputMessaging"]
        for version in ("1", "2", "DRAFT")
    ]
    assert told == ["refused", "changed", "changed"]
    with pytest.raises(Unsupported):  # both properties are create-only, so the engine never asks
        first.change(Description="other")
    second.gone()
    assert Trip(context, kind, {"GuardrailIdentifier": guardrail.id}).read()["Version"] == "3"
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {"GuardrailIdentifier": "nosuchguardrail"})
    assert refused(error) == "ResourceNotFoundException"


def test_enforcement_names_a_version_and_holds_it(context: Context) -> None:
    guardrail = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    version = Trip(context, "AWS::Bedrock::GuardrailVersion", {"GuardrailIdentifier": guardrail.id})
    properties = {
        "GuardrailIdentifier": guardrail.read()["GuardrailId"],
        "GuardrailVersion": "1",
        "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": []},
        "SelectiveContentGuarding": {"System": "COMPREHENSIVE", "Messages": "COMPREHENSIVE"},
    }
    enforced = Trip(context, "AWS::Bedrock::EnforcedGuardrailConfiguration", properties)
    enforced.holds(tagged=False)
    assert enforced.read()["Owner"] == "ACCOUNT"
    for inuse in (version, guardrail):
        with pytest.raises(ClientError) as error:
            inuse.gone()
        assert refused(error) == "ResourceInUseException"
    Trip(context, "AWS::Bedrock::GuardrailVersion", {"GuardrailIdentifier": guardrail.id})
    enforced.change(GuardrailVersion="2", SelectiveContentGuarding=None)
    enforced.holds(tagged=False)
    told = context.client("bedrock").list_enforced_guardrails_configuration()["guardrailsConfig"]
    assert [entry["guardrailVersion"] for entry in told] == ["2"]
    with pytest.raises(ClientError) as error:
        enforced.change(GuardrailVersion="9")
    assert refused(error) == "ResourceNotFoundException"
    enforced.gone()
    version.gone()
    guardrail.gone()


def test_the_accounts_settings_are_kept(context: Context) -> None:
    client = context.client("bedrock")
    assert client.get_account_data_retention()["mode"] == "default"
    client.put_account_data_retention(mode="none")
    assert client.get_account_data_retention()["mode"] == "none"
    with pytest.raises(ClientError) as error:
        client.put_account_data_retention(mode="sometimes")
    assert refused(error) == "ValidationException"
    assert "loggingConfig" not in client.get_model_invocation_logging_configuration()
    wanted = logging_configuration(context)
    client.put_model_invocation_logging_configuration(loggingConfig=wanted)
    assert client.get_model_invocation_logging_configuration()["loggingConfig"] == wanted
    wanted["cloudWatchConfig"]["logGroupName"] = "elsewhere"
    with pytest.raises(ClientError, match="Failed to validate permissions for log group: elsewhere"):
        client.put_model_invocation_logging_configuration(loggingConfig=wanted)
    client.delete_model_invocation_logging_configuration()
    assert "loggingConfig" not in client.get_model_invocation_logging_configuration()


def logging_configuration(context: Context) -> dict[str, Any]:
    context.client("logs").create_log_group(logGroupName="/enclave/invocations")
    s3 = context.client("s3")
    s3.create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": REGION})
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:{PARTITION}:s3:::evidence/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": arn("bedrock", "*")},
        },
    }
    s3.put_bucket_policy(Bucket="evidence", Policy=policy(allowed))
    role = made_role(context, "invocations", "bedrock.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
    return {
        "cloudWatchConfig": {"logGroupName": "/enclave/invocations", "roleArn": role},
        "s3Config": {"bucketName": "evidence", "keyPrefix": ""},
        "textDataDeliveryEnabled": True,
        "imageDataDeliveryEnabled": True,
        "embeddingDataDeliveryEnabled": True,
        "videoDataDeliveryEnabled": True,
        "audioDataDeliveryEnabled": True,
    }


# --- Step Functions ---------------------------------------------------------------------------------------------

PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)


def machine_role(context: Context, name: str = "keeper") -> str:
    actions = [*(f"logs:{action}" for action in LOG_DELIVERY), "kms:Decrypt", "kms:GenerateDataKey"]
    return made_role(context, name, "states.amazonaws.com", *actions)


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
            "KmsKeyId": made_key(context),
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


def _task(resource: str, **state: Any) -> str:
    return json.dumps({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": resource, "End": True, **state}}})


SDK = f"arn:{PARTITION}:states:::aws-sdk:"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"RoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/absent"}, "AccessDeniedException"),
        ({"DefinitionString": "{}"}, "InvalidDefinition"),
        ({"DefinitionString": _task(f"{SDK}bedrock:noSuchAction")}, "InvalidDefinition"),
        ({"DefinitionString": _task("arn:aws:states:::aws-sdk:bedrock:getAccountDataRetention")}, "InvalidDefinition"),
        (
            {"DefinitionString": _task(f"{SDK}bedrock:putAccountDataRetention", Parameters={"Wrong": "none"})},
            "InvalidDefinition",
        ),
        (
            {"LoggingConfiguration": {"Level": "ALL", "Destinations": []}},
            "InvalidLoggingConfiguration",
        ),
        (
            {"EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": "0" * 8}},
            "KmsAccessDeniedException",
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


def run(context: Context, machine_arn: str, text: str) -> dict[str, Any]:
    """One execution to its end."""
    client = context.client("stepfunctions")
    started = client.start_execution(stateMachineArn=machine_arn, input=text)["executionArn"]
    for _ in range(200):
        told: dict[str, Any] = client.describe_execution(executionArn=started)
        if told["status"] != "RUNNING":
            return told
        time.sleep(0.02)
    raise AssertionError("the execution did not end")


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
    topic = context.client("sns").create_topic(Name="alarms")["TopicArn"]
    queue = context.client("sqs").create_queue(QueueName="told")["QueueUrl"]
    context.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "told"))
    wanted = logging_configuration(context)
    context.client("iam").delete_role_policy(RoleName="invocations", PolicyName="p")
    made = context.client("stepfunctions").create_state_machine(
        name="keeper", roleArn=machine_role(context), definition=json.dumps(keeper(topic, wanted))
    )
    assert run(context, made["stateMachineArn"], "{}")["error"] == "NotKept"
    body = json.loads(context.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"])
    assert json.loads(body["Message"])["Error"] == "Bedrock.ValidationException"


# --- Scheduler --------------------------------------------------------------------------------------------------


def scheduled_machine(context: Context) -> tuple[str, str]:
    """A state machine and a role that may start it."""
    states = context.client("stepfunctions")
    made = states.create_state_machine(name="m", roleArn=machine_role(context), definition=json.dumps(PASS))
    role = made_role(context, "scheduler", "scheduler.amazonaws.com", "states:StartExecution", "sqs:SendMessage")
    return str(made["stateMachineArn"]), role


def schedule(context: Context, **changes: Any) -> dict[str, Any]:
    target, role = scheduled_machine(context)
    return {
        "Name": "keeper",
        "Description": "every five minutes",
        "GroupName": "default",
        "ScheduleExpression": "rate(5 minutes)",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "State": "ENABLED",
        "KmsKeyArn": made_key(context),
        "StartDate": "2030-01-01T00:00:00Z",
        "EndDate": "2031-01-01T00:00:00Z",
        "Target": {
            "Arn": target,
            "RoleArn": role,
            "Input": '{"from": "<aws.scheduler.schedule-arn>"}',
            "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
            "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 2},
        },
        **changes,
    }


def test_a_schedule_is_read_back_whole_and_changed(context: Context) -> None:
    group = Trip(context, "AWS::Scheduler::ScheduleGroup", {"Name": "enclave", "Tags": [{"Key": "P", "Value": "t"}]})
    group.holds()
    group.change(Tags=None)
    group.holds()
    trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context, GroupName="enclave"))
    trip.holds(tagged=False)
    assert (trip.id, trip.read()["Arn"]) == ("keeper", arn("scheduler", "schedule/enclave/keeper"))
    trip.change(State="DISABLED", ScheduleExpression="cron(0 12 ? * MON-FRI *)", StartDate=None, KmsKeyArn=None)
    trip.holds(tagged=False)
    assert "StartDate" not in trip.read()
    assert trip.type.replaces(trip.properties, {**trip.properties, "GroupName": "other"})
    group.gone()
    assert trip.type.read(trip.id, context) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ScheduleExpression": "rate(0 minutes)"}, "ValidationException"),
        ({"ScheduleExpression": "cron(0 12 1 * MON *)"}, "ValidationException"),
        ({"ScheduleExpressionTimezone": "Nowhere/City"}, "ValidationException"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "ValidationException"),
        ({"GroupName": "absent"}, "ResourceNotFoundException"),
        ({"Name": "taken"}, "ConflictException"),
        ({"Target.RoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/keeper"}, "ValidationException"),
        ({"Target.Arn": "arn:aws:states:us-gov-west-1:111122223333:stateMachine:m"}, "ValidationException"),
        ({"Target.Arn": f"arn:{PARTITION}:scheduler:::aws-sdk:bedrock:getAccountDataRetention"}, "ValidationException"),
        ({"Target.RetryPolicy": {"MaximumRetryAttempts": 186}}, "ValidationException"),
    ],
)
def test_a_schedule_is_refused(context: Context, changes: dict[str, Any], code: str) -> None:
    properties = schedule(context)
    Trip(context, "AWS::Scheduler::Schedule", {**properties, "Name": "taken"})
    for name, value in changes.items():
        _, _, inner = name.partition(".")
        (properties["Target"] if inner else properties)[inner or name] = value
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::Scheduler::Schedule", properties)
    assert refused(error) == code


def test_the_clock_starts_a_machine_at_once_and_stops(context: Context) -> None:
    scheduler.start()
    try:
        trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context, StartDate=None, EndDate=None))
        states = context.client("stepfunctions")
        executions: list[dict[str, Any]] = []
        for _ in range(100):
            executions = states.list_executions(stateMachineArn=trip.properties["Target"]["Arn"])["executions"]
            if executions and executions[0]["status"] == "SUCCEEDED":
                break
            time.sleep(0.02)
        told = states.describe_execution(executionArn=executions[0]["executionArn"])
        assert json.loads(told["input"]) == {"from": trip.read()["Arn"]}
        assert len(executions) == 1
    finally:
        scheduler.stop()
    assert not any(thread.name == "scheduler clock" for thread in threading.enumerate())


def test_schedules_fall_due_by_period_date_and_calendar(context: Context) -> None:
    trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context))
    states = context.client("stepfunctions")

    def started(year: int, month: int, day: int, hour: int, minute: int) -> int:
        scheduler.invoke_due(datetime(year, month, day, hour, minute, tzinfo=UTC))
        return len(states.list_executions(stateMachineArn=trip.properties["Target"]["Arn"])["executions"])

    assert started(2029, 12, 31, 23, 59) == 0
    assert started(2030, 1, 1, 0, 0) == 1
    assert started(2030, 1, 1, 0, 4) == 1
    assert started(2030, 1, 1, 0, 5) == 2
    trip.change(ScheduleExpression="cron(30 9 ? * MON *)", ScheduleExpressionTimezone="America/New_York")
    assert started(2030, 1, 7, 14, 29) == 2
    assert started(2030, 1, 7, 14, 30) == 3
    trip.change(State="DISABLED")
    assert started(2030, 2, 7, 14, 30) == 3
    trip.change(State="ENABLED", ScheduleExpression="at(2030-03-01T12:00:00)", ScheduleExpressionTimezone="UTC")
    assert started(2030, 3, 1, 12, 0) == 4
    assert started(2030, 4, 1, 12, 0) == 4
    trip.change(ScheduleExpression="rate(1 hour)", EndDate="2030-03-01T12:30:00Z")
    assert started(2032, 1, 1, 0, 0) == 4  # past the end date


def test_what_cannot_be_invoked_goes_to_the_dead_letter_queue(context: Context) -> None:
    queue = context.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
    Trip(context, "AWS::Scheduler::Schedule", schedule(context))
    context.client("iam").delete_role_policy(RoleName="scheduler", PolicyName="p")
    scheduler.invoke_due(datetime(2030, 1, 1, tzinfo=UTC))
    (message,) = context.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "AccessDeniedException"


def test_a_universal_target_makes_its_call(context: Context) -> None:
    properties = schedule(context)
    target, role = properties["Target"]["Arn"], properties["Target"]["RoleArn"]
    made = {"Arn": f"arn:{PARTITION}:scheduler:::aws-sdk:sfn:startExecution", "RoleArn": role}
    given = json.dumps({"StateMachineArn": target, "Input": '{"a": 1}'})
    Trip(context, "AWS::Scheduler::Schedule", {**properties, "Target": {**made, "Input": given}})
    scheduler.invoke_due(datetime(2030, 1, 1, tzinfo=UTC))
    states = context.client("stepfunctions")
    (execution,) = states.list_executions(stateMachineArn=target)["executions"]
    assert states.describe_execution(executionArn=execution["executionArn"])["input"] == '{"a":1}'


# --- EventBridge ------------------------------------------------------------------------------------------------


def made_topic(context: Context, *, key: str | None = None) -> str:
    attributes = {"KmsMasterKeyId": key} if key else {}
    topic = context.client("sns").create_topic(Name="alarms", Attributes=attributes)["TopicArn"]
    services = ["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    allowed = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sns:Publish", "Resource": topic}
    context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(allowed))
    context.client("sqs").create_queue(QueueName="told")
    context.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "told"))
    return str(topic)


def told(context: Context) -> list[Any]:
    """What was published to the topic of `made_topic`."""
    sqs = context.client("sqs")
    queue = sqs.get_queue_url(QueueName="told")["QueueUrl"]
    received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in received]


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
        ({"Targets": _first_target(RoleArn=f"arn:{PARTITION}:iam::{ACCOUNT}:role/keeper")}, "ValidationException"),
        ({"Targets": [{"Id": str(n), "Arn": arn("sns", "alarms")} for n in range(6)]}, "LimitExceededException"),
    ],
)
def test_a_rule_is_refused(context: Context, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::Events::Rule", rule(context, **changes))
    assert refused(error) == code
    assert context.client("events").list_rules()["Rules"] == []  # what failed half-way leaves nothing behind


def logging_trail(context: Context) -> None:
    s3, trail = context.client("s3"), context.client("cloudtrail")
    s3.create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    bucket = f"arn:{PARTITION}:s3:::trail"
    lets_in = policy(
        {**service, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**service, "Action": "s3:PutObject", "Resource": f"{bucket}/*"},
    )
    s3.put_bucket_policy(Bucket="trail", Policy=lets_in)
    trail.create_trail(Name="trail", S3BucketName="trail", IsMultiRegionTrail=True)
    trail.start_logging(Name="trail")


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


# --- CloudWatch -------------------------------------------------------------------------------------------------


def alarm(context: Context, **changes: Any) -> dict[str, Any]:
    topic = made_topic(context)
    return {
        "AlarmName": "vendor-use",
        "AlarmDescription": "a call too many",
        "Namespace": "AWS/Bedrock",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "ModelId", "Value": "openai.gpt-oss-120b-1:0"}],
        "Statistic": "Sum",
        "Unit": "Count",
        "Period": 300,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": 10.5,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [topic],
        "OKActions": [topic],
        "InsufficientDataActions": [],
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


MATHS: dict[str, Any] = {
    **dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Unit", "Period")),
    "Metrics": [
        {"Id": "rate", "Expression": "m1 / 60", "Label": "a second", "ReturnData": True},
        {
            "Id": "m1",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/Bedrock", "MetricName": "Invocations", "Dimensions": []},
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        },
    ],
}


def test_an_alarm_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::CloudWatch::Alarm", alarm(context))
    trip.holds()
    assert (trip.id, trip.read()["Arn"]) == ("vendor-use", arn("cloudwatch", "alarm:vendor-use"))
    trip.change(**MATHS, TreatMissingData="breaching", ActionsEnabled=False, OKActions=None, Tags=None)
    trip.holds()
    assert "MetricName" not in trip.read()
    client = context.client("cloudwatch")
    client.enable_alarm_actions(AlarmNames=["vendor-use"])
    assert trip.read()["ActionsEnabled"] is True
    trip.gone()


def test_an_alarm_by_percentile_and_warm_up(context: Context) -> None:
    percentile = {"Statistic": None, "ExtendedStatistic": "p99.9", "EvaluateLowSampleCountPercentile": "ignore"}
    Trip(context, "AWS::CloudWatch::Alarm", alarm(context, **percentile)).holds()


@pytest.mark.parametrize(
    "changes",
    [
        {"DatapointsToAlarm": 3},
        {"Period": 45},
        {"Statistic": None},
        {"ComparisonOperator": "Equals"},
        {"AlarmActions": ["arn:aws:sns:us-gov-west-1:111122223333:alarms"]},
        {**MATHS, "MetricName": "Invocations"},
        {**MATHS, "Metrics": [{**MATHS["Metrics"][0], "ReturnData": False}]},
    ],
)
def test_an_alarm_is_refused(context: Context, changes: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::CloudWatch::Alarm", alarm(context, **changes))
    assert refused(error) == "ValidationError"


def test_an_alarm_tells_its_actions_once_it_changes_state(context: Context) -> None:
    trip = Trip(context, "AWS::CloudWatch::Alarm", alarm(context))
    client = context.client("cloudwatch")

    def becomes(state: str) -> list[str]:
        client.set_alarm_state(AlarmName="vendor-use", StateValue=state, StateReason="tried")
        return [f"{message['OldStateValue']}-{message['NewStateValue']}" for message in told(context)]

    assert becomes("ALARM") == ["INSUFFICIENT_DATA-ALARM"]
    assert becomes("ALARM") == []
    trip.change(Threshold=20)
    assert client.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
    client.disable_alarm_actions(AlarmNames=["vendor-use"])
    assert becomes("OK") == []
    with pytest.raises(ClientError) as error:
        client.delete_alarms(AlarmNames=["absent"])
    assert refused(error) == "ResourceNotFound"


# --- SageMaker and what scales it -------------------------------------------------------------------------------


def made_network(context: Context) -> dict[str, list[str]]:
    ec2 = context.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/26")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="model", Description="model", VpcId=vpc)["GroupId"]
    return {"Subnets": [subnet], "SecurityGroupIds": [group]}


def hosted_model(context: Context, **changes: Any) -> dict[str, Any]:
    source = {"S3Uri": "s3://artifacts/sha256/ab/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    return {
        "ModelName": "hosted",
        "ExecutionRoleArn": made_role(context, "hosting", "sagemaker.amazonaws.com"),
        "EnableNetworkIsolation": True,
        "VpcConfig": made_network(context),
        "PrimaryContainer": {
            "Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/vllm@sha256:{'0' * 64}",
            "ImageConfig": {"RepositoryAccessMode": "Platform"},
            "Mode": "SingleModel",
            "ModelDataSource": {"S3DataSource": source},
            "Environment": {"OFFLINE": "1"},
        },
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def hosting_config(context: Context, **changes: Any) -> dict[str, Any]:
    return {
        "EndpointConfigName": "hosted-1",
        "KmsKeyId": made_key(context),
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "hosted",
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1.0,
                "EnableSSMAccess": False,
                "VolumeSizeInGB": 100,
                "ModelDataDownloadTimeoutInSeconds": 600,
                "ContainerStartupHealthCheckTimeoutInSeconds": 600,
                "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
            }
        ],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": "s3://captures/hosted",
            "KmsKeyId": made_key(context),
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
        },
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def hosted(context: Context, **changes: Any) -> tuple[Trip, Trip, Trip]:
    """A model, its endpoint configuration and its endpoint."""
    model = Trip(context, "AWS::SageMaker::Model", hosted_model(context))
    config = Trip(context, "AWS::SageMaker::EndpointConfig", hosting_config(context, **changes))
    deployment = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    properties = {"EndpointName": "Hosted", "EndpointConfigName": "hosted-1", "DeploymentConfig": deployment}
    return model, config, Trip(context, "AWS::SageMaker::Endpoint", properties)


def test_model_configuration_and_endpoint_are_read_back_whole_and_changed(context: Context) -> None:
    model, config, endpoint = hosted(context)
    for trip in (model, config, endpoint):
        trip.holds()
    assert (model.id, config.id) == (arn("sagemaker", "model/hosted"), arn("sagemaker", "endpoint-config/hosted-1"))
    assert endpoint.id == arn("sagemaker", "endpoint/hosted")  # in small letters, as SageMaker spells it
    told = context.client("sagemaker").describe_endpoint(EndpointName="Hosted")
    assert (told["EndpointStatus"], told["DataCaptureConfig"]["CaptureStatus"]) == ("InService", "Started")
    for trip in (model, config):
        with pytest.raises(Unsupported):  # all else is create-only, so the engine replaces
            trip.change(KmsKeyId="other", EnableNetworkIsolation=False)
        trip.change(Tags=None)
        trip.holds()
    second = Trip(context, "AWS::SageMaker::EndpointConfig", {**config.properties, "EndpointConfigName": "hosted-2"})
    endpoint.change(EndpointConfigName="hosted-2", DeploymentConfig=None)
    endpoint.holds()
    assert "DeploymentConfig" not in endpoint.read()
    with pytest.raises(ClientError, match=r'Could not find endpoint configuration ".*/absent"'):
        endpoint.change(EndpointConfigName="absent")
    # AWS lets a configuration in use go, and then the endpoint cannot be changed any more.
    second.gone()
    with pytest.raises(ClientError, match=r'Could not find endpoint configuration ".*/hosted-2"'):
        endpoint.change(EndpointConfigName="hosted-1")
    endpoint.gone()
    config.gone()
    model.gone()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ExecutionRoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/absent"}, "Could not assume role"),
        ({"VpcConfig.Subnets": ["subnet-00000000000000000"]}, "subnet ID"),
        ({"VpcConfig.SecurityGroupIds": ["sg-00000000000000000"]}, "security group"),
        ({"PrimaryContainer": None}, "either a PrimaryContainer or Containers"),
        ({"PrimaryContainer.ModelDataUrl": "s3://b/k"}, "only one of"),
        ({"PrimaryContainer.ImageConfig": {"RepositoryAccessMode": "Vpc"}}, "other than ECR"),
        ({"PrimaryContainer.Image": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/vllm:1"}, "us-gov-west-1"),
        ({"ModelName": "TAKEN"}, "Cannot create already existing model"),
    ],
)
def test_a_model_is_refused(context: Context, changes: dict[str, Any], says: str) -> None:
    properties = hosted_model(context)
    Trip(context, "AWS::SageMaker::Model", {**properties, "ModelName": "taken"})
    for name, value in changes.items():
        outer, _, inner = name.partition(".")
        (properties[outer] if inner else properties)[inner or outer] = value
    with pytest.raises(ClientError, match=says) as error:
        Trip(context, "AWS::SageMaker::Model", properties)
    assert refused(error) == "ValidationException"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ProductionVariants.InstanceType": "ml.g5.12xlarge"}, "KmsKeyId is not supported"),
        ({"EnableNetworkIsolation": True}, "EnableNetworkIsolation cannot be given"),
        ({"ProductionVariants.ModelName": "absent"}, "Could not find model"),
        ({"ProductionVariants.InstanceType": None}, "either an InstanceType or a ServerlessConfig"),
        ({"ProductionVariants.InstanceType": "ml.abacus"}, "enum value set"),
    ],
)
def test_an_endpoint_configuration_is_refused(context: Context, changes: dict[str, Any], says: str) -> None:
    Trip(context, "AWS::SageMaker::Model", hosted_model(context))
    properties = hosting_config(context)
    for name, value in changes.items():
        outer, _, inner = name.partition(".")
        holder = properties[outer][0] if inner else properties
        holder[inner or outer] = value
        if value is None:
            del holder[inner]
    with pytest.raises(ClientError, match=says) as error:
        Trip(context, "AWS::SageMaker::EndpointConfig", properties)
    assert refused(error) == "ValidationException"


SCALED = {
    "ResourceId": "endpoint/Hosted/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    "ServiceNamespace": "sagemaker",
}
TRACKING = {
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    "TargetValue": 70.0,
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
    "DisableScaleIn": False,
}


def test_target_and_policy_are_read_back_whole_and_changed(context: Context) -> None:
    _, config, endpoint = hosted(context)
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    suspended = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": False}
    state = {**suspended, "ScheduledScalingSuspended": False}
    target = Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds, "SuspendedState": state})
    target.holds()
    assert target.id == target.read()["Id"] == "|".join(SCALED.values())
    target.change(MaxCapacity=4, SuspendedState=None)
    target.holds()
    assert target.read()["SuspendedState"]["DynamicScalingInSuspended"] is False
    kind = "AWS::ApplicationAutoScaling::ScalingPolicy"
    named = {"PolicyName": "follow", "PolicyType": "TargetTrackingScaling"}
    policy = Trip(
        context, kind, {**named, "ScalingTargetId": target.id, "TargetTrackingScalingPolicyConfiguration": TRACKING}
    )
    policy.holds(tagged=False)
    policy.change(TargetTrackingScalingPolicyConfiguration={**TRACKING, "TargetValue": 50.0})
    policy.holds(tagged=False)
    variants = [{**config.properties["ProductionVariants"][0], "InstanceType": "ml.m5.2xlarge"}]
    other = {**config.properties, "EndpointConfigName": "other", "ProductionVariants": variants}
    Trip(context, "AWS::SageMaker::EndpointConfig", other)
    with pytest.raises(ClientError, match="cannot change while it is a scalable target"):
        endpoint.change(EndpointConfigName="other")
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {**named, "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1.0}, **SCALED})
    assert refused(error) == "ValidationException"
    policy.gone()
    target.gone()
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {**named, **SCALED, "TargetTrackingScalingPolicyConfiguration": TRACKING})
    assert refused(error) == "ObjectNotFoundException"


def test_a_target_needs_its_endpoint_and_goes_with_it(context: Context) -> None:
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    with pytest.raises(ClientError, match="variant doesn't exist"):
        Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds})
    *_, endpoint = hosted(context)
    target = Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds})
    with pytest.raises(ClientError, match="cannot be greater"):
        target.change(MinCapacity=3)
    endpoint.gone()
    assert target.type.read(target.id, context) is None


def test_what_a_machine_does_is_told_as_done_by_its_role(context: Context) -> None:
    topic, role = made_topic(context), machine_role(context)
    logging_trail(context)
    issuer = {"sessionContext": {"sessionIssuer": {"arn": [{"anything-but": [role]}, {"exists": False}]}}}
    pattern = {"source": ["aws.bedrock"], "detail": {"userIdentity": issuer}}
    transformer = {"InputPathsMap": {"who": "$.detail.userIdentity.arn"}, "InputTemplate": '{"who": <who>}'}
    targets = [{"Id": "t", "Arn": topic, "InputTransformer": transformer}]
    Trip(context, "AWS::Events::Rule", {"Name": "others", "EventPattern": pattern, "Targets": targets})
    definition = _task(f"{SDK}bedrock:putAccountDataRetention", Parameters={"Mode": "none"})
    states = context.client("stepfunctions")
    made = states.create_state_machine(name="m", roleArn=role, definition=definition)["stateMachineArn"]
    assert run(context, made, "{}")["status"] == "SUCCEEDED"
    assert told(context) == []
    other = made_role(context, "other", "states.amazonaws.com")
    states.update_state_machine(stateMachineArn=made, roleArn=other)
    assert run(context, made, "{}")["status"] == "SUCCEEDED"
    (message,) = told(context)
    assert message["who"].startswith(f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/other/")


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
