"""Cloud Control: a resource is read and deleted by its type and identifier, whoever made it; none is made or changed.

A deletion is done when its request is answered, which says IN_PROGRESS as AWS does; its status says how it went.
Source: Cloud Control API reference, GetResource, DeleteResource and GetResourceRequestStatus, read 2026-11-24.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any

from moto import backend_index

from infra.local.cloudcontrol import models, urls
from infra.local.cloudcontrol.responses import CloudControlResponse
from infra.local.cloudformation.handlers import Failed, calling
from infra.local.operations import serve
from infra.local.resource_type import Context, Refused, ResourceType, Unsupported, resource_types

if TYPE_CHECKING:
    from infra.local.operations import Call


def extend() -> None:
    """Let moto know the service: it looks for a module of its own, and for the host in a list."""
    module = ModuleType("moto.cloudcontrol")
    vars(module)["cloudcontrol_backends"] = models.cloudcontrol_backends
    sys.modules[module.__name__] = module
    known = backend_index.backend_url_patterns
    if all(name != "cloudcontrol" for name, _ in known):
        known.append(("cloudcontrol", re.compile(urls.url_bases[0])))
    operations = {
        "GetResource": _get_resource,
        "DeleteResource": _delete_resource,
        "GetResourceRequestStatus": _get_resource_request_status,
    }
    serve(CloudControlResponse, operations, invalid="InvalidRequestException")


def _get_resource(call: Call) -> dict[str, Any]:
    found = _read(call)
    name, identifier = call.parameters["TypeName"], call.parameters["Identifier"]
    told = json.dumps(found, default=str, sort_keys=True)
    return {"TypeName": name, "ResourceDescription": {"Identifier": identifier, "Properties": told}}


def _delete_resource(call: Call) -> dict[str, Any]:
    found, token = _read(call), str(uuid.uuid4())
    event = {
        "TypeName": call.parameters["TypeName"],
        "Identifier": call.parameters["Identifier"],
        "RequestToken": token,
        "Operation": "DELETE",
        "EventTime": datetime.now(UTC),
    }
    outcome = {"OperationStatus": "SUCCESS"}
    try:
        with calling():
            _type(call).delete(call.parameters["Identifier"], found, _context(call))
    except Failed as error:
        outcome = {
            "OperationStatus": "FAILED",
            "StatusMessage": str(error),
            "ErrorCode": "GeneralServiceException",
        }
    call.backend.requests[token] = {**event, **outcome}
    return {"ProgressEvent": {**event, "OperationStatus": "IN_PROGRESS"}}


def _get_resource_request_status(call: Call) -> dict[str, Any]:
    token = call.parameters["RequestToken"]
    if token not in call.backend.requests:
        raise Refused("RequestTokenNotFoundException", f"Request token {token} not found")
    return {"ProgressEvent": call.backend.requests[token]}


def _read(call: Call) -> dict[str, Any]:
    name, identifier = call.parameters["TypeName"], call.parameters["Identifier"]
    try:
        with calling():
            found = _type(call).read(identifier, _context(call))
    except Failed as error:
        raise Refused("GeneralServiceException", str(error)) from error
    if found is None:
        raise Refused(
            "ResourceNotFoundException", f"Resource of type '{name}' with identifier '{identifier}' was not found."
        )
    return found


def _type(call: Call) -> ResourceType:
    name = call.parameters["TypeName"]
    if name not in resource_types():
        raise Unsupported(f"resource type {name}")
    return resource_types()[name]


def _context(call: Call) -> Context:
    return Context(call.account, call.region, call.partition, stack_name="", stack_id="", logical_id="")
