"""AWS::SageMaker::Endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared, Tagging
from infra.local.resource_type import Refused

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
        made = super().create({key: value for key, value in properties.items() if key not in _MANNERS}, context)
        context.made(made)
        _refuse_failed(made, context)
        return made

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        super().update(physical_id, old, new, context)
        _refuse_failed(physical_id, context)

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**answer, "DeploymentConfig": answer.get("LastDeploymentConfig")}


def _refuse_failed(physical_id: str, context: Context) -> None:
    """What CloudFormation makes of an endpoint that it waited for in vain."""
    name = physical_id.rpartition("/")[2]
    told = context.client("sagemaker").describe_endpoint(EndpointName=name)
    if "FailureReason" in told:
        raise Refused("Failed", f"{told['FailureReason']} (EndpointStatus: Failed)")
