"""What starts the settings keeper, what its role may do, what is told of changes; moto's matcher judges events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto.events.models import EventPattern

if TYPE_CHECKING:
    from collections.abc import Callable

KEEPER = "arn:aws-us-gov:iam::111122223333:role/sandbox-settings-keeper"
SOMEONE = "arn:aws-us-gov:iam::111122223333:role/administrator"

Rules = dict[str, "EventPattern"]


@pytest.fixture(scope="module")
def inference(whole: dict[str, dict[str, Any]], policies: Any) -> dict[str, Any]:
    """The template with what matters here resolved: the keeper's role by its ARN."""
    resources = whole["inference"]["Resources"]
    (keeper,) = [
        n for n, r in resources.items() if r.get("Properties", {}).get("RoleName") == "sandbox-settings-keeper"
    ]
    resolved: dict[str, Any] = policies.resolve(resources, {f"{keeper}.Arn": KEEPER})
    return resolved


@pytest.fixture(scope="module")
def told(inference: dict[str, Any]) -> Callable[..., set[str]]:
    """What an event sets off: the ids of the targets of all rules that match it."""
    rules = [one["Properties"] for one in inference.values() if one["Type"] == "AWS::Events::Rule"]
    loaded = [(EventPattern.load(json.dumps(rule["EventPattern"])), rule["Targets"]) for rule in rules]

    def targets(call: str, service: str = "bedrock", /, **detail: Any) -> set[str]:
        event: Any = {
            "source": f"aws.{service}",
            "detail-type": "AWS API Call via CloudTrail",
            "detail": {"eventName": call, **detail},
        }
        return {target["Id"] for pattern, found in loaded if pattern.matches_event(event) for target in found}

    return targets


def by(role: str) -> dict[str, Any]:
    return {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"arn": role}}}


KEPT = [
    "DeleteModelInvocationLoggingConfiguration",
    "PutModelInvocationLoggingConfiguration",
    "PutAccountDataRetention",
]


@pytest.mark.parametrize("call", KEPT)
def test_a_change_by_anyone_else_starts_the_keeper_and_is_told(told: Any, call: str) -> None:
    assert told(call, userIdentity=by(SOMEONE)) == {"Keeper", "AlarmTopic"}
    assert told(call, userIdentity={"type": "Root"}) == {"Keeper", "AlarmTopic"}
    assert told(call, userIdentity={"type": "IAMUser", "arn": "arn:aws-us-gov:iam::1:user/u"}) == {
        "Keeper",
        "AlarmTopic",
    }


@pytest.mark.parametrize("call", KEPT)
def test_the_keeper_does_not_start_itself_but_is_told_of(told: Any, call: str) -> None:
    assert told(call, userIdentity=by(KEEPER)) == {"AlarmTopic"}


def test_a_refused_attempt_is_told_too(told: Any) -> None:
    assert told("DeleteGuardrail", userIdentity=by(SOMEONE), errorCode="AccessDenied") == {"AlarmTopic"}


def test_only_the_enclave_s_own_roles_and_policies_are_told_of(told: Any) -> None:
    def policy(name: str) -> dict[str, Any]:
        return {"policyArn": f"arn:aws-us-gov:iam::111122223333:policy/{name}"}

    assert told("CreatePolicyVersion", "iam", requestParameters=policy("sandbox-inference-Invoke-1")) == {"AlarmTopic"}
    assert told("DeleteRolePermissionsBoundary", "iam", requestParameters={"roleName": "sandbox-workload"})
    assert not told("CreatePolicyVersion", "iam", requestParameters=policy("someone-else"))
    assert not told("AttachRolePolicy", "iam", requestParameters={"roleName": "someone-else"})


def test_stopping_or_changing_the_keeper_is_told(told: Any) -> None:
    machine = "arn:aws-us-gov:states:us-gov-west-1:111122223333:stateMachine:sandbox-settings-keeper"
    execution = f"{machine.replace('stateMachine', 'execution')}:abc"
    assert told("UpdateStateMachine", "states", requestParameters={"stateMachineArn": machine}) == {"AlarmTopic"}
    assert told("StopExecution", "states", requestParameters={"executionArn": execution}) == {"AlarmTopic"}
    assert not told("UpdateStateMachine", "states", requestParameters={"stateMachineArn": f"{machine}-other"})


def test_reading_is_not_told(told: Any) -> None:
    assert not told("GetGuardrail", userIdentity=by(SOMEONE))


def test_the_keeper_may_set_retention_to_none_alone_and_hand_over_its_logging_role_to_bedrock_alone(
    inference: dict[str, Any], policies: Any
) -> None:
    (name,) = [name for name in inference if name.startswith("BaselineKeeperRolePolicy")]
    document = inference[name]["Properties"]["PolicyDocument"]
    (logging,) = [statement["Resource"] for statement in document["Statement"] if statement["Action"] == "iam:PassRole"]

    def allowed(action: str, resource: str = "*", **context: str) -> bool:
        return bool(policies.decide([document], action, resource, {k.replace("_", ":"): v for k, v in context.items()}))

    assert allowed("bedrock:PutAccountDataRetention", bedrock_DataRetentionMode="none")
    assert not allowed("bedrock:PutAccountDataRetention", bedrock_DataRetentionMode="provider_data_share")
    assert not allowed("bedrock:PutAccountDataRetention")
    assert allowed("iam:PassRole", logging, iam_PassedToService="bedrock.amazonaws.com")
    assert not allowed("iam:PassRole", logging, iam_PassedToService="lambda.amazonaws.com")
    assert not allowed("iam:PassRole", SOMEONE, iam_PassedToService="bedrock.amazonaws.com")
    assert not allowed("bedrock:DeleteModelInvocationLoggingConfiguration")
    assert not allowed("bedrock:InvokeModel")


def test_each_service_s_role_is_for_one_source_of_this_account(inference: dict[str, Any]) -> None:
    trusts = {
        statement["Principal"]["Service"]: statement["Condition"]
        for one in inference.values()
        if one["Type"] == "AWS::IAM::Role"
        for statement in one["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    }
    assert set(trusts) == {f"{name}.amazonaws.com" for name in ("bedrock", "events", "scheduler", "states")}
    assert all(condition["StringEquals"] == {"aws:SourceAccount": "111122223333"} for condition in trusts.values())
    sources = {
        service: condition["ArnLike"]["aws:SourceArn"]
        for service, condition in trusts.items()
        if "ArnLike" in condition
    }
    assert set(trusts) - set(sources) == {"events.amazonaws.com"}
    assert not [arn for arn in sources.values() if "*" in arn.partition(":111122223333:")[0]]
    assert sources["scheduler.amazonaws.com"].startswith("BaselineTriggersGroup")


def test_silence_of_the_keeper_is_an_alarm(inference: dict[str, Any]) -> None:
    (alarm,) = [
        one["Properties"]
        for one in inference.values()
        if one["Type"] == "AWS::CloudWatch::Alarm" and one["Properties"]["MetricName"] == "ExecutionsSucceeded"
    ]
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("LessThanThreshold", "breaching")


def test_the_keeper_logs_without_execution_data(inference: dict[str, Any]) -> None:
    (machine,) = [one["Properties"] for one in inference.values() if one["Type"] == "AWS::StepFunctions::StateMachine"]
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert machine["LoggingConfiguration"]["Level"] == "ALL"
    states = json.loads(machine["DefinitionString"])["States"]
    wanted = json.dumps(states["Keep"]["Branches"][0])
    assert all(
        f'"{name}DataDeliveryEnabled": true' in wanted for name in ("Text", "Image", "Embedding", "Video", "Audio")
    )
