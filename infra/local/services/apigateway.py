"""API Gateway's REST APIs: every setting kept as it was put, what AWS refuses refused; they answer no requests.

moto drops settings (policies changed in place, access modes, content handling) and deploys whatever there is. Its
objects stay, so that its other operations find them; what is told of one stands in its `told`, by the API's names.
Sources: botocore 1.44.5's service model; the API Gateway API reference and patch operations, read 2026-11-24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.operations import check, serve
from infra.local.resource_type import Refused
from infra.local.services import apigateway_apis, apigateway_methods, apigateway_stages

if TYPE_CHECKING:
    from infra.local.operations import Call
    from infra.local.services.apigateway_patches import Told


def extend() -> None:
    """Serve these operations from moto's API Gateway."""
    from moto.apigateway.responses import APIGatewayResponse

    for operations in (apigateway_apis.OPERATIONS, apigateway_methods.OPERATIONS, apigateway_stages.OPERATIONS, TAGS):
        serve(APIGatewayResponse, operations, invalid="BadRequestException")
    check(APIGatewayResponse, invalid="BadRequestException")


def _tagged(call: Call) -> Told:
    """What an ARN names: an API, or a stage of one."""
    parts = call.parameters["resourceArn"].partition("::/restapis/")[2].split("/")
    api = call.backend.apis.get(parts[0])
    holder = api.stages.get(parts[2]) if api and len(parts) == 3 and parts[1] == "stages" else api
    if holder is None:
        raise Refused("NotFoundException", "Invalid resource identifier specified")
    tags: Told = holder.told.setdefault("tags", {})
    return tags


def _get_tags(call: Call) -> Told:
    return {"tags": dict(_tagged(call))}


def _tag_resource(call: Call) -> None:
    _tagged(call).update(call.parameters["tags"])


def _untag_resource(call: Call) -> None:
    for key in call.parameters["tagKeys"]:
        _tagged(call).pop(key, None)


TAGS = {
    "GetTags": _get_tags,
    "TagResource": _tag_resource,
    "UntagResource": _untag_resource,
}
