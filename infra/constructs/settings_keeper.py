"""The settings keeper: a state machine that puts account settings back which no CloudFormation type can express."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from infra.constructs import names, role_actions
from infra.constructs.log_group import EncryptedLogGroup
from infra.constructs.service_role import ServiceRole

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_sns as sns

    from infra.constructs.invocation_logging import InvocationLogging
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
        logging: InvocationLogging,
        topic: sns.ITopic,
        topic_key: kms.IKey,
        log_key: kms.IKey,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        self.name = names.keeper_name(settings)
        self.arn = names.keeper_arn(settings)
        log_group = EncryptedLogGroup(
            self,
            "Log",
            key=log_key,
            name=names.keeper_log_group(settings),
            retention_days=settings.retention.log_days,
        )
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
        self.service_role = ServiceRole(
            self,
            "Role",
            name=self.name,
            service="states.amazonaws.com",
            source_arn=self.arn,
            statements=_statements(logging.role, topic, topic_key),
        )
        self.role = self.service_role.role
        self.resource = sfn.CfnStateMachine(
            self,
            "Resource",
            state_machine_name=self.name,
            state_machine_type="STANDARD",
            role_arn=self.role.role_arn,
            definition_string=stack.to_json_string(definition(kept, stack.partition, topic.topic_arn, self.name)),
            logging_configuration={
                "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": log_group.attr_arn}}],
                "includeExecutionData": False,
                "level": "ALL",
            },
            tracing_configuration={"enabled": True},
        )


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


def given(wanted: dict[str, Any]) -> dict[str, Any]:
    """What is wanted, without what is wanted absent."""
    return {
        name: given(value) if isinstance(value, dict) else value for name, value in wanted.items() if value is not None
    }


def _statements(logging_role: iam.IRole, topic: sns.ITopic, topic_key: kms.IKey) -> list[iam.PolicyStatement]:
    return [
        # These take no resource in IAM: they are about the account.
        iam.PolicyStatement(
            sid="AccountSettings",
            actions=[*role_actions.READ_KEPT_SETTINGS, *role_actions.PUT_INVOCATION_LOGGING],
            resources=["*"],
        ),
        iam.PolicyStatement(
            sid="RetentionNoneOnly",
            actions=list(role_actions.PUT_DATA_RETENTION),
            resources=["*"],
            conditions={"StringEquals": {"bedrock:DataRetentionMode": RETENTION_MODE}},
        ),
        iam.PolicyStatement(
            sid="HandOverLoggingRole",
            actions=list(role_actions.HAND_OVER_ROLE),
            resources=[logging_role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
        ),
        iam.PolicyStatement(sid="Tell", actions=list(role_actions.TELL), resources=[topic.topic_arn]),
        iam.PolicyStatement(sid="TopicKey", actions=list(role_actions.USE_KEY), resources=[topic_key.key_arn]),
        # Neither takes a resource in IAM.
        iam.PolicyStatement(
            sid="WorkflowLogging",
            actions=[*role_actions.LOG_WORKFLOW, *role_actions.TRACE_WORKFLOW],
            resources=["*"],
        ),
    ]
