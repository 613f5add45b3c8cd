"""AWS::ApiGateway::Deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.absent import if_there
from infra.local.declared import Call, Declared

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class Deployment(Declared, name="AWS::ApiGateway::Deployment"):
    """An API as it is when deployed; Ref is its id. A stage is a resource of its own, never part of a deployment."""

    service = "apigateway"
    creates = Call("create_deployment")
    identity = "id"
    reads = ()
    deletes = Call("delete_deployment", {"restApiId": "{RestApiId}", "deploymentId": "{id}"})
    lacks = ("DeploymentCanarySettings", "StageDescription", "StageName")

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        return identifier["DeploymentId"]

    def read(self, physical_id: str, context: Context) -> Properties | None:
        client = context.client(self.service)
        for api in client.get_rest_apis(limit=500)["items"]:
            where = {"restApiId": api["id"], "deploymentId": physical_id}
            if found := if_there(client.get_deployment, "NotFoundException", **where):
                described = {"Description": found["description"]} if found.get("description") else {}
                return {"RestApiId": api["id"], "DeploymentId": found["id"], **described}
        return None

    attributes = read  # from the same answers

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        described = new.get("Description")
        patch = {"op": "replace", "value": described} if described else {"op": "remove"}
        context.client(self.service).update_deployment(
            restApiId=new["RestApiId"],
            deploymentId=physical_id,
            patchOperations=[{"path": "/description", **patch}] if described != old.get("Description") else [],
        )
