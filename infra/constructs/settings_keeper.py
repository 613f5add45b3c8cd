"""The settings keeper: a state machine that puts account settings back which no CloudFormation type can express."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from constructs import Construct

from infra.constructs import names, role_actions
from infra.constructs.log_group import LogGroup
from infra.constructs.resource import Resource, given
from infra.constructs.service_role import ServiceRole, acting_for
from infra.constructs.statement import EVERYTHING, allow

if TYPE_CHECKING:
    from infra.constructs.alarm_topic import AlarmTopic
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.invocation_logging import InvocationLogging
    from infra.constructs.role import ManagedPolicy, Role
    from infra.constructs.statement import Statement
    from infra.settings import Enclave

RETENTION_MODE = "none"  # no vendor and no part of AWS keeps prompts or answers; the Responses API's `store` is refused
TIMEOUT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """One account setting: how it is read, what it should be, how it is put."""

    name: str
    read: str
    put: str
    found: str
    """Path of the setting in the answer of `read`."""
    wanted: dict[str, Any]
    parameters: dict[str, Any]


class SettingsKeeper(Construct):
    """Reads invocation logging and account data retention, and puts back what differs from the enclave's settings.

    It compares before it puts, so an account as it should be is left alone; a setting that it had to put back, or
    could not (the account lacks it, a right is missing), goes to the alarm topic, and the latter fails the execution.
    Each setting is kept in a branch of its own, so that one that fails does not hide the other.

    Its definition and executions hold names and settings, no content, and are encrypted with the key AWS owns: a key
    of ours that someone disables must not be what stops invocation logging from coming back.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: ManagedPolicy,
        logging: InvocationLogging,
        topic: AlarmTopic,
        topic_key: CustomerKey,
        log_key: CustomerKey,
    ) -> None:
        super().__init__(scope, id)
        self.name = names.keeper_name(settings)
        self.arn = names.keeper_arn(settings)
        log_group = LogGroup(self, "Log", settings=settings, key=log_key, name=names.keeper_log_group(settings))
        kept = (
            Kept(
                name="InvocationLogging",
                read="getModelInvocationLoggingConfiguration",
                put="putModelInvocationLoggingConfiguration",
                found="$.found.LoggingConfig",
                wanted=logging.wanted,
                parameters={"LoggingConfig": given(logging.wanted)},
            ),
            Kept(
                name="DataRetention",
                read="getAccountDataRetention",
                put="putAccountDataRetention",
                found="$.found",
                wanted={"Mode": RETENTION_MODE},
                parameters={"Mode": RETENTION_MODE},
            ),
        )
        self.role = ServiceRole(
            self,
            "Role",
            boundary=boundary,
            name=self.name,
            service="states.amazonaws.com",
            source=acting_for(settings, self.arn),
            statements=_statements(logging.role, topic, topic_key),
        )
        self.resource = Resource(
            self,
            "Resource",
            "AWS::StepFunctions::StateMachine",
            {
                "StateMachineName": self.name,
                "StateMachineType": "STANDARD",
                "RoleArn": self.role.arn,
                "DefinitionString": json.dumps(
                    definition(kept, settings.partition, topic.arn, self.name), separators=(",", ":")
                ),
                "LoggingConfiguration": {
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": log_group.arn}}],
                    "IncludeExecutionData": False,
                    "Level": "ALL",
                },
                "TracingConfiguration": {"Enabled": True},
            },
        )
        self.machine_arn = self.resource.attribute("Arn")
        """The same ARN as `arn`, told by the machine: whoever names it comes after it."""


def definition(kept: tuple[Kept, ...], partition: str, topic_arn: str, name: str) -> dict[str, Any]:
    """The state machine in the Amazon States Language, JSONPath: a branch per setting, then the verdict over all."""
    return {
        "Comment": f"{name}: puts back account settings that CloudFormation cannot express",
        "QueryLanguage": "JSONPath",
        "TimeoutSeconds": TIMEOUT_SECONDS,
        "StartAt": "Keep",
        "States": {
            "Keep": {
                "Type": "Parallel",
                "Branches": [_branch(setting, partition, topic_arn, name) for setting in kept],
                "ResultPath": "$.kept",
                "Next": "AllKept",
            },
            "AllKept": {
                "Type": "Choice",
                "Choices": [
                    {
                        "And": [
                            {"Variable": f"$.kept[{number}]", "BooleanEquals": True} for number in range(len(kept))
                        ],
                        "Next": "Kept",
                    }
                ],
                "Default": "NotKept",
            },
            "Kept": {"Type": "Succeed"},
            "NotKept": {
                "Type": "Fail",
                "Error": "SettingNotKept",
                "Cause": "an account setting differs from the enclave's and could not be put back",
            },
        },
    }


def _branch(setting: Kept, partition: str, topic_arn: str, name: str) -> dict[str, Any]:
    """Read, compare, put only if different, tell; whatever goes wrong is told too and makes the branch not kept."""
    read, same, put, restored, kept, lost, not_kept = (
        f"{word}{setting.name}" for word in ("Read", "Compare", "PutBack", "TellPutBack", "Kept", "TellLost", "NotKept")
    )
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 2}]

    def call(operation: str, parameters: dict[str, Any], next_state: str, result: str) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::aws-sdk:bedrock:{operation}",
            "Parameters": parameters,
            "ResultPath": result,
            "Retry": retry,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": lost}],
            "Next": next_state,
        }

    def tell(message: str, next_state: str) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": f"arn:{partition}:states:::sns:publish",
            "Parameters": {
                "TopicArn": topic_arn,
                "Subject": f"{name}: {setting.name}",
                "Message.$": f"States.Format('{message} (execution {{}})', $$.Execution.Id)",
            },
            "ResultPath": "$.told",
            "Retry": retry,
            "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": not_kept}],
            "Next": next_state,
        }

    return {
        "StartAt": read,
        "States": {
            read: call(setting.read, {}, same, "$.found"),
            same: {
                "Type": "Choice",
                "Choices": [{"And": equals(setting.found, setting.wanted), "Next": kept}],
                "Default": put,
            },
            put: call(setting.put, setting.parameters, restored, "$.put"),
            restored: tell(f"{setting.name} differed from what the enclave wants and was put back", kept),
            kept: {"Type": "Pass", "Result": True, "End": True},
            lost: tell(f"{setting.name} could not be read or put back", not_kept),
            not_kept: {"Type": "Pass", "Result": False, "End": True},
        },
    }


def equals(path: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Choice rules, to be joined by And, that hold where everything wanted is there and equal.

    A path that is not there fails the execution in a Choice, so each comparison follows an IsPresent. What is wanted
    as None must be absent or empty: a prefix somebody added would send records where nobody looks.
    """
    rules: list[dict[str, Any]] = []
    for name, value in sorted(wanted.items()):
        variable = f"{path}.{name}"
        if value is None:
            absent = {"Variable": variable, "IsPresent": False}
            rules.append({"Or": [absent, {"Variable": variable, "StringEquals": ""}]})
            continue
        rules.append({"Variable": variable, "IsPresent": True})
        if isinstance(value, dict):
            rules += equals(variable, value)
        else:
            operator = "BooleanEquals" if isinstance(value, bool) else "StringEquals"
            rules.append({"Variable": variable, operator: value})
    return rules


def _statements(logging_role: Role, topic: AlarmTopic, topic_key: CustomerKey) -> list[Statement]:
    return [
        # These take no resource in IAM: they are about the account.
        allow("AccountSettings", [*role_actions.READ_KEPT_SETTINGS, *role_actions.PUT_INVOCATION_LOGGING], EVERYTHING),
        allow(
            "RetentionNoneOnly",
            role_actions.PUT_DATA_RETENTION,
            EVERYTHING,
            conditions={"StringEquals": {"bedrock:DataRetentionMode": RETENTION_MODE}},
        ),
        allow(
            "HandOverLoggingRole",
            role_actions.HAND_OVER_ROLE,
            [logging_role.arn],
            conditions={"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
        ),
        allow("Tell", role_actions.TELL, [topic.arn]),
        allow("TopicKey", role_actions.USE_KEY, [topic_key.arn]),
        # Neither takes a resource in IAM.
        allow("WorkflowLogging", [*role_actions.LOG_WORKFLOW, *role_actions.TRACE_WORKFLOW], EVERYTHING),
    ]
