"""State machines, and the schedules that start them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.posture.aws.observability import log_group_arn
from infra.posture.values import Maybe, Properties, Resource, Unknown, frozen, parsed

if TYPE_CHECKING:
    from infra.posture.resources import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMachine(Resource):
    """One state machine; its id is its name."""

    arn: str
    type: Maybe[str]
    role_arn: Maybe[str]
    definition: Any
    """Amazon States Language as JSON, or Unknown."""
    log_level: Maybe[str]
    log_includes_execution_data: Maybe[bool]
    log_group_arns: tuple[Maybe[str], ...]
    kms_key_id: Maybe[str]
    tracing: Maybe[bool]


LAST_EXECUTION = "Sallyport::StepFunctions::LastExecution"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastExecution(Resource):
    """How the last execution of a state machine that is over ended: seen live; its id is the machine's name."""

    machine_arn: Maybe[str]
    status: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Resource):
    """One EventBridge Scheduler schedule; its id is its name."""

    arn: str
    group: Maybe[str]
    expression: Maybe[str]
    timezone: Maybe[str]
    start_date: Maybe[str]
    end_date: Maybe[str]
    state: Maybe[str]
    kms_key_arn: Maybe[str]
    target_arn: Maybe[str]
    target_role_arn: Maybe[str]
    target_input: Maybe[str]
    dead_letters: Maybe[str]
    """ARN of the queue for what could not be sent; empty if there is none."""

    @property
    def group_arn(self) -> Maybe[str]:
        """ARN of its group: the source that Scheduler names when it takes on the target's role."""
        if isinstance(self.group, Unknown):
            return self.group
        return f"{self.arn.split(':schedule/')[0]}:schedule-group/{self.group}"


def state_machines(resources: Resources) -> Iterator[StateMachine]:
    """All state machines."""
    for machine in resources.of("AWS::StepFunctions::StateMachine"):
        given = machine.properties
        logging = given.block("LoggingConfiguration")
        groups = {_log_group(each) for each in logging.blocks("Destinations")}
        yield StateMachine(
            **machine.common,
            arn=machine.arn,
            type=given.text("StateMachineType", "STANDARD"),
            role_arn=given.text("RoleArn"),
            definition=frozen(_definition(given)),
            log_level=logging.text("Level", "OFF"),
            log_includes_execution_data=logging.flag("IncludeExecutionData"),
            log_group_arns=tuple(sorted(groups, key=str)),
            kms_key_id=given.block("EncryptionConfiguration").text("KmsKeyId"),
            tracing=given.block("TracingConfiguration").flag("Enabled"),
        )


def last_executions(resources: Resources) -> Iterator[LastExecution]:
    """The last execution of each state machine that ran, where an account was read."""
    for execution in resources.of(LAST_EXECUTION):
        given = execution.properties
        yield LastExecution(**execution.common, machine_arn=given.text("machine"), status=given.text("status"))


def schedules(resources: Resources) -> Iterator[Schedule]:
    """All schedules."""
    for schedule in resources.of("AWS::Scheduler::Schedule"):
        given = schedule.properties
        target = given.block("Target")
        yield Schedule(
            **schedule.common,
            arn=schedule.arn,
            group=given.text("GroupName", "default"),
            expression=given.text("ScheduleExpression"),
            timezone=given.text("ScheduleExpressionTimezone", "UTC"),
            start_date=given.text("StartDate"),
            end_date=given.text("EndDate"),
            state=given.text("State", "ENABLED"),
            kms_key_arn=given.text("KmsKeyArn"),
            target_arn=target.text("Arn"),
            target_role_arn=target.text("RoleArn"),
            target_input=target.text("Input"),
            dead_letters=target.block("DeadLetterConfig").text("Arn"),
        )


def _log_group(destination: Properties) -> Maybe[str]:
    arn = destination.block("CloudWatchLogsLogGroup").text("LogGroupArn")
    return arn if isinstance(arn, Unknown) else log_group_arn(arn)


def _definition(given: Properties) -> Any:
    """The definition, from text or as an object, its substitutions filled in."""
    if "DefinitionS3Location" in given:
        return Unknown("the definition stands in a file in S3")
    definition = given.raw("DefinitionString", given.raw("Definition", Unknown("no definition")))
    substitutions = given.raw("DefinitionSubstitutions")
    if substitutions:
        definition = _substituted(definition, substitutions)
    return parsed(definition)


def _substituted(value: Any, substitutions: Any) -> Any:
    match value:
        case str() if not isinstance(substitutions, Mapping):
            return substitutions if "${" in value else value
        case str():
            for name, filling in substitutions.items():
                if f"${{{name}}}" in value:
                    if isinstance(filling, Unknown):
                        return filling
                    value = value.replace(f"${{{name}}}", str(filling))
            return value
        case Mapping():
            return {key: _substituted(each, substitutions) for key, each in value.items()}
        case list():
            return [_substituted(each, substitutions) for each in value]
        case _:
            return value
