"""API Gateway: the resources of an API, their methods, and what methods call.

Sources: botocore 1.44.5's service model; the API Gateway API reference, read 2026-11-24.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Refused
from infra.local.services.apigateway_apis import api_of
from infra.local.services.apigateway_patches import Told, without_place

if TYPE_CHECKING:
    from infra.local.operations import Call

_PART = re.compile(r"\{?[\w.:-]+\+?\}?")


def _create_resource(call: Call) -> Told:
    api, wanted = api_of(call), call.parameters
    if wanted["parentId"] not in api.resources:
        raise Refused("NotFoundException", "Invalid Resource identifier specified")
    if not _PART.fullmatch(wanted["pathPart"]):
        raise Refused(
            "BadRequestException",
            "Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the "
            "beginning and the end.",
        )
    for other in api.resources.values():
        if (other.parent_id, other.path_part) == (wanted["parentId"], wanted["pathPart"]):
            message = f"Another resource with the same parent already has this name: {wanted['pathPart']}"
            raise Refused("ConflictException", message)
    return _resource_told(api.add_child(wanted["pathPart"], wanted["parentId"]))


def _resource(call: Call) -> Any:
    resource = api_of(call).resources.get(call.parameters["resourceId"])
    if resource is None:
        raise Refused("NotFoundException", "Invalid Resource identifier specified")
    return resource


def _resource_told(resource: Any) -> Told:
    told: Told = {"id": resource.id, "path": resource.get_path()}
    if resource.parent_id:
        told |= {"parentId": resource.parent_id, "pathPart": resource.path_part}
    if resource.resource_methods:
        told["resourceMethods"] = {name: method.told for name, method in resource.resource_methods.items()}
    return told


def _get_resource(call: Call) -> Told:
    return _resource_told(_resource(call))


def _get_resources(call: Call) -> Told:
    return {"items": [_resource_told(resource) for resource in api_of(call).resources.values()]}


def _delete_resource(call: Call) -> None:
    resource, resources = _resource(call), api_of(call).resources
    if not resource.parent_id:
        raise Refused("BadRequestException", "Cannot delete the root resource of an API")
    going = [resource.id]
    for one in going:  # what lies below goes too
        going += [other.id for other in resources.values() if other.parent_id == one]
    for one in going:
        del resources[one]


def _put_method(call: Call) -> Told:
    resource, wanted = _resource(call), call.parameters
    verb = wanted["httpMethod"]
    if verb in resource.resource_methods:
        raise Refused("ConflictException", "Method already exists for this resource")
    kind = wanted["authorizationType"]
    authorizers = api_of(call).authorizers
    if kind in ("CUSTOM", "COGNITO_USER_POOLS") and wanted.get("authorizerId") not in authorizers:
        raise Refused(
            "BadRequestException",
            f"Invalid authorizer ID specified. Setting the authorization type to {kind} requires a valid authorizer.",
        )
    method = resource.add_method(verb, kind, api_key_required=wanted.get("apiKeyRequired"))
    method.told = {"apiKeyRequired": False, **without_place(wanted), "httpMethod": verb}
    return dict(method.told)


def _method(call: Call) -> Any:
    method = _resource(call).resource_methods.get(call.parameters["httpMethod"])
    if method is None:
        raise Refused("NotFoundException", "Invalid Method identifier specified")
    return method


def _get_method(call: Call) -> Told:
    return dict(_method(call).told)


def _delete_method(call: Call) -> None:
    _method(call)
    del _resource(call).resource_methods[call.parameters["httpMethod"]]


def _put_method_response(call: Call) -> Told:
    method, told = _method(call), without_place(call.parameters)
    if told["statusCode"] in method.told.get("methodResponses", {}):
        raise Refused("ConflictException", "Response already exists for this resource")
    method.told["methodResponses"] = {**method.told.get("methodResponses", {}), told["statusCode"]: told}
    return told


def _put_integration(call: Call) -> Told:
    method, told = _method(call), without_place(call.parameters)
    if told["type"] != "MOCK" and not told.get("uri"):
        raise Refused("BadRequestException", "Invalid HTTP endpoint specified for URI")
    if told["type"].startswith("AWS") and f":{call.partition}:apigateway:" not in f":{told['uri'][4:]}":
        raise Refused("BadRequestException", "Invalid ARN specified in the request")
    if verb := told.pop("integrationHttpMethod", None):
        told["httpMethod"] = verb
    method.told["methodIntegration"] = {"passthroughBehavior": "WHEN_NO_MATCH", "timeoutInMillis": 29000, **told}
    return dict(method.told["methodIntegration"])


def _integration(call: Call) -> Told:
    found: Told | None = _method(call).told.get("methodIntegration")
    if found is None:
        raise Refused("NotFoundException", "Invalid Integration identifier specified")
    return found


def _put_integration_response(call: Call) -> Told:
    integration, told = _integration(call), without_place(call.parameters)
    if told["statusCode"] not in _method(call).told.get("methodResponses", {}):
        raise Refused("NotFoundException", "Invalid Response status code specified")
    integration["integrationResponses"] = {**integration.get("integrationResponses", {}), told["statusCode"]: told}
    return told


OPERATIONS = {
    "CreateResource": _create_resource,
    "GetResource": _get_resource,
    "GetResources": _get_resources,
    "DeleteResource": _delete_resource,
    "PutMethod": _put_method,
    "GetMethod": _get_method,
    "DeleteMethod": _delete_method,
    "PutMethodResponse": _put_method_response,
    "PutIntegration": _put_integration,
    "GetIntegration": lambda call: dict(_integration(call)),
    "PutIntegrationResponse": _put_integration_response,
}
