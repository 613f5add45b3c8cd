"""AWS::ApiGateway::Resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.absent import if_there
from infra.local.declared import Call, Declared

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class Resource(Declared, name="AWS::ApiGateway::Resource"):
    """One part of a path; Ref is its id, which no other API's resource has."""

    service = "apigateway"
    creates = Call("create_resource")
    identity = "id"
    reads = ()
    deletes = Call("delete_resource", {"restApiId": "{RestApiId}", "resourceId": "{id}"})

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        return identifier["ResourceId"]

    def read(self, physical_id: str, context: Context) -> Properties | None:
        client = context.client(self.service)
        for api in client.get_rest_apis(limit=500)["items"]:
            where = {"restApiId": api["id"], "resourceId": physical_id}
            if found := if_there(client.get_resource, "NotFoundException", **where):
                told = {"ParentId": found.get("parentId"), "PathPart": found.get("pathPart")}
                return {"RestApiId": api["id"], "ResourceId": found["id"], **told}
        return None

    attributes = read  # from the same answers
