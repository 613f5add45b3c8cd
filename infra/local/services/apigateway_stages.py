"""API Gateway: deployments, the stages on them, and the account's role for logs.

A stage is made by CreateStage alone, never with a deployment.
Sources: botocore 1.44.5's service model; the API Gateway API reference, read 2026-11-24.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Refused
from infra.local.rules import apigateway_account, apigateway_deployment, apigateway_stage
from infra.local.services.apigateway_apis import api_of
from infra.local.services.apigateway_patches import Told, patched, without_place

if TYPE_CHECKING:
    from infra.local.operations import Call

_OF_STAGE = {
    *("deploymentId", "description", "variables", "tracingEnabled", "cacheClusterEnabled", "cacheClusterSize"),
    "accessLogSettings",
}


def _create_deployment(call: Call) -> Told:
    from moto.apigateway.models import Deployment

    api, wanted = api_of(call), call.parameters
    beyond = sorted(wanted.keys() - {"restApiId", "description"})
    if beyond:
        raise Refused("BadRequestException", f"the embedded AWS makes no stage with a deployment: {', '.join(beyond)}")
    apigateway_deployment.resource_policy(api)
    apigateway_deployment.methods(api)
    apigateway_deployment.integrations(api)
    kind: Any = Deployment  # abstract to a type checker: moto's CloudFormation hooks are not written
    made = kind(secrets.token_hex(5), "", wanted.get("description", ""))
    api.deployments[made.id] = made
    return _deployment_told(made)


def _deployment(call: Call) -> Any:
    found = api_of(call).deployments.get(call.parameters["deploymentId"])
    if found is None:
        raise Refused("NotFoundException", "Invalid Deployment identifier specified")
    return found


def _deployment_told(deployment: Any) -> Told:
    described = {"description": deployment.description} if deployment.description else {}
    return {"id": deployment.id, "createdDate": deployment.created_date, **described}


def _get_deployment(call: Call) -> Told:
    return _deployment_told(_deployment(call))


def _get_deployments(call: Call) -> Told:
    return {"items": [_deployment_told(each) for each in api_of(call).deployments.values()]}


def _update_deployment(call: Call) -> Told:
    found = _deployment(call)
    told = patched(_deployment_told(found), call.parameters.get("patchOperations", []), {"description"})
    found.description = told.get("description", "")
    return _deployment_told(found)


def _delete_deployment(call: Call) -> None:
    found = _deployment(call)
    if any(stage.deployment_id == found.id for stage in api_of(call).stages.values()):
        message = "Active stages pointing to this deployment must be moved or deleted"
        raise Refused("BadRequestException", message)
    del api_of(call).deployments[found.id]


def _create_stage(call: Call) -> Told:
    from moto.apigateway.models import Stage

    api, wanted = api_of(call), call.parameters
    if wanted["stageName"] in api.stages:
        raise Refused("ConflictException", "Stage already exists")
    for name in ("canarySettings", "documentationVersion"):
        if name in wanted:
            raise Refused("BadRequestException", f"the embedded AWS does not mirror {name} of a stage")
    apigateway_stage.deployment(api, wanted["deploymentId"])
    stage: Any = Stage(name=wanted["stageName"], deployment_id=wanted["deploymentId"])
    now = datetime.now(UTC)
    stage.told = {"tracingEnabled": False, "cacheClusterEnabled": False, **without_place(wanted)}
    stage.told |= {"createdDate": now, "lastUpdatedDate": now}
    api.stages[stage.name] = stage
    return dict(stage.told)


def _stage(call: Call) -> Any:
    found = api_of(call).stages.get(call.parameters["stageName"])
    if found is None:
        raise Refused("NotFoundException", "Invalid stage identifier specified")
    return found


def _get_stage(call: Call) -> Told:
    return dict(_stage(call).told)


def _get_stages(call: Call) -> Told:
    return {"item": [dict(each.told) for each in api_of(call).stages.values()]}


def _update_stage(call: Call) -> Told:
    stage = _stage(call)
    told = patched(stage.told, call.parameters.get("patchOperations", []), _OF_STAGE, settings=True)
    apigateway_stage.deployment(api_of(call), told["deploymentId"])
    apigateway_stage.log_role(call.backend.account.cloudwatch_role_arn, told)
    apigateway_stage.access_log_format(told)
    stage.told = {**told, "lastUpdatedDate": datetime.now(UTC)}
    stage.deployment_id = told["deploymentId"]
    return dict(stage.told)


def _delete_stage(call: Call) -> None:
    _stage(call)
    del api_of(call).stages[call.parameters["stageName"]]


def _get_account(call: Call) -> Told:
    return {name: value for name, value in call.backend.account.to_json().items() if value is not None}


def _update_account(call: Call) -> Told:
    for operation in call.parameters.get("patchOperations", []):
        if operation["path"] != "/cloudwatchRoleArn":
            raise Refused("BadRequestException", f"Invalid patch path {operation['path']}")
        role = operation.get("value") if operation["op"] == "replace" else None
        if role:
            apigateway_account.role(call, role)
        call.backend.account.cloudwatch_role_arn = role or None
    return _get_account(call)


OPERATIONS = {
    "CreateDeployment": _create_deployment,
    "GetDeployment": _get_deployment,
    "GetDeployments": _get_deployments,
    "UpdateDeployment": _update_deployment,
    "DeleteDeployment": _delete_deployment,
    "CreateStage": _create_stage,
    "GetStage": _get_stage,
    "GetStages": _get_stages,
    "UpdateStage": _update_stage,
    "DeleteStage": _delete_stage,
    "GetAccount": _get_account,
    "UpdateAccount": _update_account,
}
