"""Step Functions: every state machine is one that really executes, and what AWS refuses at creation is refused.

moto has two backends, one that executes and one that tells static data; only the first is used here.
Sources: botocore 1.44.5's service model; the Step Functions API reference, read 2026-11-24; PRECONDITIONS.md
of the project's facts for what is checked at creation.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local import executions, task_states
from infra.local.operations import Call, check, kept, serve
from infra.local.resource_type import Refused
from infra.local.rules import stepfunctions_state_machine as rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
    "tracingConfiguration": {"enabled": False},
    "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
}


def extend() -> None:
    """Let every part of moto use the executing backend, and serve these operations."""
    import moto.stepfunctions as package
    import moto.stepfunctions.models as static
    import moto.stepfunctions.responses as answers
    from moto.stepfunctions import urls
    from moto.stepfunctions.parser.models import StepFunctionsParserBackend, stepfunctions_parser_backends

    StepFunctionsParserBackend._url_module = urls  # type: ignore[assignment]  # which moto seeks beside the class
    static.stepfunctions_backends = stepfunctions_parser_backends  # type: ignore[assignment]  # its subclass
    package.stepfunctions_backends = stepfunctions_parser_backends  # type: ignore[assignment,attr-defined]  # same
    answers.get_backend = lambda account, region: stepfunctions_parser_backends[account][region]
    serve(answers.StepFunctionResponse, OPERATIONS)
    check(answers.StepFunctionResponse)
    _name_errors()
    task_states.extend()
    executions.extend()


def _name_errors() -> None:
    """Give the executor's exceptions their codes and messages, without which they reach a client unnamed."""
    from moto.core.exceptions import AWSError
    from moto.stepfunctions.parser import api

    def initialise(self: Any, message: str | None = None) -> None:
        AWSError.__init__(self, message or self.TYPE)

    for error in vars(api).values():
        if isinstance(error, type) and issubclass(error, AWSError) and isinstance(vars(error).get("code"), str):
            error.TYPE = vars(error)["code"]
            error.__init__ = initialise  # type: ignore[method-assign,assignment]  # moto's own demands a message


def _create(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    arn = call.arn("states", f"stateMachine:{wanted['name']}")
    if wanted.get("versionDescription") and not wanted.get("publish"):
        raise Refused("ValidationException", "Version description can only be set when publish is true")
    _refuse(call, arn, wanted["roleArn"], wanted)
    standing = next((machine for machine in call.backend.state_machines if machine.arn == arn), None)
    if standing and any(_told(standing)[key] != value for key, value in _asked(wanted).items()):
        raise Refused("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")
    machine = standing or call.backend.create_state_machine(
        name=wanted["name"],
        definition=wanted["definition"],
        roleArn=wanted["roleArn"],
        tags=wanted.get("tags"),
        publish=wanted.get("publish"),
        version_description=wanted.get("versionDescription"),
        sm_type=wanted.get("type"),
        **_configurations(wanted),
    )
    machine.sm_type = machine.type
    answer = {"stateMachineArn": arn, "creationDate": machine.creation_date}
    if wanted.get("publish"):
        answer["stateMachineVersionArn"] = machine.latest_version.arn
    return answer


def _configurations(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {**default, **wanted.get(name, {})} for name, default in _CONFIGURATIONS.items()}


def _asked(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What the service compares to tell a repeated request from another one; role and tags are not part of it."""
    machine = {"definition": wanted["definition"], "type": wanted.get("type", "STANDARD")}
    return {**machine, **_configurations(wanted)}


def _told(machine: Any) -> dict[str, Any]:
    members = ("name", "definition", "roleArn", "type", *_CONFIGURATIONS)
    return {member: getattr(machine, member) for member in members}


def _update(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    machine = _machine(call, wanted["stateMachineArn"])
    settable = ("definition", "roleArn", *_CONFIGURATIONS)
    if not any(name in wanted for name in settable):
        raise Refused(
            "MissingRequiredParameter",
            "Either the definition, the role ARN, the LoggingConfiguration, the EncryptionConfiguration or the "
            "TracingConfiguration must be specified",
        )
    _refuse(call, machine.arn, wanted.get("roleArn", machine.roleArn), {**_told(machine), **wanted})
    for name, default in _CONFIGURATIONS.items():
        if name in wanted:
            setattr(machine, name, {**default, **wanted[name]})
    call.backend.update_state_machine(
        machine.arn,
        wanted.get("definition"),
        wanted.get("roleArn", machine.roleArn),
        publish=wanted.get("publish"),
        version_description=wanted.get("versionDescription"),
    )
    revision = kept(call.backend, "revisions")[machine.arn] = str(uuid.uuid4())
    answer = {"updateDate": machine.update_date, "revisionId": revision}
    if wanted.get("publish"):
        answer["stateMachineVersionArn"] = machine.latest_version.arn
    return answer


def _machine(call: Call, arn: str) -> Any:
    return call.backend.describe_state_machine(arn)


def _describe(call: Call) -> Mapping[str, Any]:
    machine = _machine(call, call.parameters["stateMachineArn"])
    answer = {
        **_told(machine),
        "stateMachineArn": machine.arn,
        "status": "ACTIVE",
        "creationDate": machine.creation_date,
    }
    if machine.description:
        answer["description"] = machine.description
    if revision := kept(call.backend, "revisions").get(machine.arn):
        answer["revisionId"] = revision
    return answer


def _delete(call: Call) -> None:
    arn = call.parameters["stateMachineArn"]
    executions = [
        entry for machine in call.backend.state_machines if machine.arn == arn for entry in machine.executions
    ]
    for execution in executions:
        if execution.status == "RUNNING" and execution.exec_worker.env:
            execution.stop(stop_date=datetime.now(UTC), error=None, cause=None)
    kept(call.backend, "revisions").pop(arn, None)
    call.backend.delete_state_machine(arn)


def _start(call: Call) -> Mapping[str, Any]:
    # moto gives every unnamed execution the same name, so that the second collides with the first.
    name = call.parameters.get("name") or str(uuid.uuid4())
    text = call.parameters.get("input", "{}")
    execution = call.backend.start_execution(call.parameters["stateMachineArn"], name, text)
    return {"executionArn": execution.execution_arn, "startDate": execution.start_date}


def _describe_execution(call: Call) -> Mapping[str, Any]:
    # moto's own answer leaves the quotes off an output that is a string, and the stop date off one that timed out.
    execution = call.backend.describe_execution(call.parameters["executionArn"])
    told = {key: value for key, value in execution.to_describe_output().items() if value is not None}
    return {**told, "status": told["status"].value}  # as it stood: the execution may end while it is told


# --- what is refused --------------------------------------------------------------------------------------------


def _refuse(call: Call, arn: str, role: str, wanted: Mapping[str, Any]) -> None:
    logging, encryption = wanted.get("loggingConfiguration", {}), wanted.get("encryptionConfiguration", {})
    logs = logging.get("level", "OFF") != "OFF"
    rules.trust(call, arn, role)
    if logs:
        rules.log_group(call, logging)
        rules.log_delivery(role)
    rules.encryption(call, encryption)
    rules.key(call, arn, encryption)
    if logs:
        rules.log_key(call, encryption)
    task_states.refuse(wanted["definition"], call.partition)


OPERATIONS = {
    "CreateStateMachine": _create,
    "UpdateStateMachine": _update,
    "DescribeStateMachine": _describe,
    "DeleteStateMachine": _delete,
    "StartExecution": _start,
    "DescribeExecution": _describe_execution,
}


def take_up() -> None:
    """Run what was running when the state was written again, from its start: what an executor had done is not kept."""
    from moto.stepfunctions.parser.api import ExecutionStatus
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    for regions in stepfunctions_parser_backends.values():
        for backend in regions.values():
            for machine in backend.state_machines:
                running: list[Any] = [e for e in machine.executions if e.status == ExecutionStatus.RUNNING]
                for execution in running:
                    execution.exec_worker = None
                    execution.start()
