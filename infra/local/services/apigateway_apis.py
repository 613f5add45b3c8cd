"""API Gateway: the APIs themselves, with endpoint and resource policy.

Sources: botocore 1.44.5's service model; the API Gateway API reference, read 2026-11-24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Refused
from infra.local.rules import apigateway_rest_api
from infra.local.services.apigateway_patches import Told, patched

if TYPE_CHECKING:
    from infra.local.operations import Call

_OF_API = {
    *("name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "policy"),
    *("disableExecuteApiEndpoint", "endpointConfiguration", "securityPolicy", "endpointAccessMode"),
}


def _create_rest_api(call: Call) -> Told:
    wanted = call.parameters
    if "cloneFrom" in wanted:
        raise Refused("BadRequestException", "the embedded AWS clones no APIs")
    told = {"apiKeySource": "HEADER", "disableExecuteApiEndpoint": False, **wanted}
    told["endpointConfiguration"] = {"types": ["EDGE"], **wanted.get("endpointConfiguration", {})}
    _check_api(call, told)
    api = call.backend.create_rest_api(
        told["name"],
        told.get("description", ""),
        api_key_source=told["apiKeySource"],
        endpoint_configuration=told["endpointConfiguration"],
        tags=told.get("tags"),
        policy=told.get("policy"),
    )
    api.told = told
    return _api_told(api)


def _check_api(call: Call, told: Told) -> None:
    apigateway_rest_api.endpoint_type(call, told)
    apigateway_rest_api.vpc_endpoints(told)
    if told.get("policy"):
        apigateway_rest_api.policy(told["policy"])


def api_of(call: Call) -> Any:
    """The API that a request is about; moto's object, with what is told of it in `told`."""
    api = call.backend.apis.get(call.parameters["restApiId"])
    if api is None:
        raise Refused("NotFoundException", "Invalid API identifier specified")
    return api


def _api_told(api: Any) -> Told:
    return {**api.told, "id": api.id, "rootResourceId": api.root_resource_id, "createdDate": api.create_date}


def _get_rest_api(call: Call) -> Told:
    return _api_told(api_of(call))


def _get_rest_apis(call: Call) -> Told:
    return {"items": [_api_told(api) for api in call.backend.apis.values()]}


def _update_rest_api(call: Call) -> Told:
    api = api_of(call)
    told = patched(api.told, call.parameters.get("patchOperations", []), _OF_API)
    _check_api(call, told)
    api.told = told
    api.name, api.policy, api.endpoint_configuration = told["name"], told.get("policy"), told["endpointConfiguration"]
    return _api_told(api)


def _delete_rest_api(call: Call) -> None:
    del call.backend.apis[api_of(call).id]


OPERATIONS = {
    "CreateRestApi": _create_rest_api,
    "GetRestApi": _get_rest_api,
    "GetRestApis": _get_rest_apis,
    "UpdateRestApi": _update_rest_api,
    "DeleteRestApi": _delete_rest_api,
}
