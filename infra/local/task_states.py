"""How the executor's Task states call AWS services: in the machine's account, in the SDK integrations' own names.

An `aws-sdk` task takes parameters and gives results in PascalCase, whatever the service's API calls them, and
names errors `Service.ErrorName`; moto's executor passes everything on as it stands. Source: Step Functions
developer guide, "Integrating services using AWS SDK", read 2026-11-24.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import sys
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.clients import model_of, services_of_botocore
from infra.local.permissions import role_trusts, service_context
from infra.local.resource_type import Refused
from infra.local.role_sessions import client_as

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Services whose name in an `aws-sdk` ARN is not boto's.
_NAMES = {
    "applicationautoscaling": "application-autoscaling",
    "bedrockruntime": "bedrock-runtime",
    "cloudwatchlogs": "logs",
    "eventbridge": "events",
    "sfn": "stepfunctions",
}
# What a session of the machine's role is called by here; Step Functions makes up a name for each.
_SESSION = "workflow"
# Operations that Step Functions does not offer (developer guide, "Unsupported API actions").
_EXCLUDED = {
    ("bedrockruntime", "invokeModelWithResponseStream"),
    ("bedrockruntime", "converseStream"),
    ("s3", "selectObjectContent"),
    ("sts", "assumeRole"),
    ("sts", "assumeRoleWithSAML"),
    ("sts", "assumeRoleWithWebIdentity"),
}


def extend() -> None:
    """Let moto's executor call services as Step Functions does."""
    import moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_factory  # noqa: F401  # loads every kind of task, which each hold the function replaced below
    from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk

    executor = [module for name, module in list(sys.modules.items()) if name.startswith("moto.stepfunctions")]
    for name, function in (("boto_client_for", _client), ("extract_json", _extract)):
        for module in executor:
            if hasattr(module, name):
                setattr(module, name, function)
    # A branch or an iteration that fails passes on whatever name its error has, `States.` ones included.
    from moto.stepfunctions.parser.asl.component.common.error_name import custom_error_name

    named: Any = custom_error_name
    named.CustomErrorName.__init__ = named.ErrorName.__init__
    # Every absent path of a Choice, and every state pruned beside a failed branch, is an "error" of this log.
    logging.getLogger("moto.stepfunctions.parser.asl.component").setLevel(logging.CRITICAL)
    task: Any = state_task_service_aws_sdk.StateTaskServiceAwsSdk
    task._normalise_service_error_name = staticmethod(lambda service: _pascal(_model(service).service_id))
    task._eval_service_task = _call_service


# What makes a JSONPath indefinite, so that it gives a list, of however many: wildcard, descent, slice, filter, union.
_INDEFINITE = re.compile(r"\*|\.\.|\[[^\]']*[:?,]")


def _extract(path: str, data: Any) -> Any:
    """What stands at a JSONPath; moto gives a list for `$.list[0].name` and none for a filter that finds nothing."""
    from moto.stepfunctions.parser.asl.utils import json_path

    values = [match.value for match in json_path.parse(path).find(data)]  # type: ignore[attr-defined]  # as in events
    if _INDEFINITE.search(path):
        return values
    if not values:
        raise json_path.NoSuchJsonPathError(json_path=path, data=data)
    return values[0]


def _client(region: str, service: str, state_credentials: Any = None) -> Any:
    """A client that acts as the role that the machine runs as, or that the state names."""
    _refuse_trust(state_credentials.role_arn)
    return client_as(state_credentials.role_arn, service, region, _SESSION)


def _refuse_trust(role: str) -> None:
    """Refuse a role that a machine runs as and that no longer trusts Step Functions for any such machine."""
    from moto.stepfunctions.parser.models import stepfunctions_parser_backends

    account = role.split(":")[4]
    arns = [
        machine.arn
        for backend in list(dict.values(stepfunctions_parser_backends[account]))
        for machine in list(backend.state_machines)
        if machine.roleArn == role
    ]
    service = "states.amazonaws.com"
    if arns and not any(role_trusts(role, service, service_context(account, arn)) for arn in arns):
        raise ClientError(
            {"Error": {"Code": "AccessDenied", "Message": f"{service} may not assume {role}"}}, "AssumeRole"
        )


def _call_service(
    self: Any, env: Any, resource_runtime_part: Any, normalised_parameters: dict[str, Any], state_credentials: Any
) -> None:
    service, action = self.resource.api_name, self.resource.api_action
    client = _client(resource_runtime_part.region, boto_name(service), state_credentials)
    env.stack.append(perform(service, action, normalised_parameters, client))


def perform(service: str, action: str, parameters: Any, made: Any) -> Any:
    """Call an `aws-sdk` action (`bedrock`, `putAccountDataRetention`) by this client; the result it gives a state."""
    called = operation(service, action)
    arguments = _arguments(called.input_shape, parameters, f"{service}:{action}")
    method = {api: name for name, api in made.meta.method_to_api_mapping.items()}[called.name]
    return _result(called.output_shape, getattr(made, method)(**arguments))


def boto_name(service: str) -> str:
    """boto's name of a service that an `aws-sdk` ARN names; KeyError if there is none."""
    name = _NAMES.get(service, service)
    if name not in _services():
        raise KeyError(service)
    return name


@cache
def _services() -> frozenset[str]:
    return frozenset(services_of_botocore())


@cache
def _model(service: str) -> Any:
    return model_of(boto_name(service))


def operation(service: str, action: str) -> Any:
    """The API operation of an `aws-sdk` action; KeyError if there is none."""
    model = _model(service)
    names = {name[0].lower() + name[1:]: name for name in model.operation_names}
    if (service, action) in _EXCLUDED:
        raise KeyError(action)
    return model.operation_model(names[action])


def _key(name: str) -> str:
    return name.replace("_", "").lower()


def _arguments(shape: Any, value: Any, where: str) -> Any:
    if shape is None:
        return {}
    match shape.type_name:
        case "structure" if isinstance(value, dict):
            members = {_key(name): name for name in shape.members}
            converted = {}
            for key, item in value.items():
                if _key(key) not in members:
                    raise ValueError(f"The field '{key}' is not supported by Step Functions in {where}")
                name = members[_key(key)]
                converted[name] = _arguments(shape.members[name], item, f"{where}.{key}")
            return converted
        case "list" if isinstance(value, list):
            return [_arguments(shape.member, item, where) for item in value]
        case "map" if isinstance(value, dict):
            return {key: _arguments(shape.value, item, where) for key, item in value.items()}
        case "blob":
            return (value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))).encode()
        case "string" if not isinstance(value, str):
            return json.dumps(value, separators=(",", ":"))
        case _:
            return value


def _result(shape: Any, value: Any) -> Any:
    """An answer as the SDK integration gives it: PascalCase, timestamps and blobs as text."""
    match value:
        case dict() if shape is None or shape.type_name == "structure":
            members = shape.members if shape else {}
            return {_pascal(key): _result(members[key], item) for key, item in value.items() if key in members}
        case dict():
            return {key: _result(shape.value, item) for key, item in value.items()}
        case list():
            return [_result(shape.member, item) for item in value]
        case datetime():
            return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        case _ if hasattr(value, "read"):
            return value.read().decode()
        case bytes():
            return _text(value)
        case _:
            return value


def _text(blob: bytes) -> str:
    # How the real integration encodes bytes that are no text is not documented; base64 loses nothing.
    try:
        return blob.decode()
    except UnicodeDecodeError:
        return base64.b64encode(blob).decode()


def _pascal(name: str) -> str:
    """`logGroupName`, `KMSKeyId`, `DynamoDB` as the SDK integrations write them: LogGroupName, KmsKeyId, DynamoDb."""
    from moto.stepfunctions.parser.utils import camel_to_snake_case, snake_to_camel_case

    return snake_to_camel_case(camel_to_snake_case(name.replace(" ", "_")))


# --- what creation refuses --------------------------------------------------------------------------------------


def refuse(definition: str, partition: str) -> None:
    """Raise what Step Functions says of a definition whose tasks name no integration, or parameters it lacks.

    The grammar itself is checked by moto's parser, which raises InvalidDefinition too.
    """
    try:
        machine = json.loads(definition)
    except ValueError as error:
        raise _invalid(f"INVALID_JSON_DESCRIPTION: {error}") from error
    for where, state in _states(machine, ""):
        if state.get("Type") == "Task":
            _refuse_task(state, where, partition)


def _invalid(what: str) -> Refused:
    return Refused("InvalidDefinition", f"Invalid State Machine Definition: '{what}'")


def _states(machine: Mapping[str, Any], where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, state in machine.get("States", {}).items():
        place = f"{where}/States/{name}"
        yield place, state
        for number, branch in enumerate(state.get("Branches", ())):
            yield from _states(branch, f"{place}/Branches[{number}]")
        for inner in ("Iterator", "ItemProcessor"):
            yield from _states(state.get(inner, {}), f"{place}/{inner}")


def _refuse_task(state: Mapping[str, Any], where: str, partition: str) -> None:
    resource = str(state.get("Resource", ""))
    parts = resource.split(":")
    if parts[:2] != ["arn", partition]:
        raise _invalid(f"SCHEMA_VALIDATION_FAILED: Value is not a valid resource ARN at {where}/Resource")
    if parts[2:6] != ["states", "", "", "aws-sdk"]:
        return
    try:
        called = operation(parts[6], parts[7].split(".")[0])
    except (KeyError, IndexError) as error:
        raise _invalid(
            f"SCHEMA_VALIDATION_FAILED: The resource provided {resource} is not recognized. The value is not a valid "
            f"resource ARN, or the resource is not available in this region. at {where}/Resource"
        ) from error
    parameters = state.get("Parameters", state.get("Arguments", {}))
    given = {name.removesuffix(".$") for name in parameters} if isinstance(parameters, dict) else set()
    known = {_key(name) for name in called.input_shape.members} if called.input_shape else set()
    for name in sorted(given):
        if not name[0].isupper() or _key(name) not in known:
            raise _invalid(
                f'SCHEMA_VALIDATION_FAILED: The field "{name}" is not supported by Step Functions at {where}/Parameters'
            )
    required = {_key(name) for name in called.input_shape.required_members} if called.input_shape else set()
    if "Parameters" in state and (lacking := required - {_key(name) for name in given}):
        raise _invalid(f"SCHEMA_VALIDATION_FAILED: These fields are required: {sorted(lacking)} at {where}/Parameters")
