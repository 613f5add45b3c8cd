"""AWS::SageMaker::Endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

# How an update goes about, which is no state of the endpoint (the schema's write-only properties).
_MANNERS = ("ExcludeRetainedVariantProperties", "RetainAllVariantProperties", "RetainDeploymentConfig")


class Endpoint(Declared, name="AWS::SageMaker::Endpoint"):
    """An endpoint, which an update moves to another configuration; Ref is its ARN."""

    service = "sagemaker"
    creates = Call("create_endpoint")
    identity = "EndpointArn"
    generates = ("EndpointName", 63)
    reads = (Call("describe_endpoint", {"EndpointName": "{name}"}),)
    updates = Call("update_endpoint", {"EndpointName": "{name}"})
    create_only = ("EndpointName",)
    deletes = Call("delete_endpoint", {"EndpointName": "{name}"})
    missing = "Could not find endpoint"
    tagging = Tagging(
        "add_tags", "delete_tags", {"ResourceArn": "{id}"}, lists=Call("list_tags", {"ResourceArn": "{id}"}, "Tags")
    )

    def create(self, properties: Properties, context: Context) -> str:
        return super().create({key: value for key, value in properties.items() if key not in _MANNERS}, context)

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**answer, "DeploymentConfig": answer.get("LastDeploymentConfig")}
