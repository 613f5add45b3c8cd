"""AWS::ApplicationAutoScaling::ScalingPolicy."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from infra.local.declared import is_gone
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import from_api, to_api

_TARGET = ("ResourceId", "ScalableDimension", "ServiceNamespace")


class ScalingPolicy(ResourceType, name="AWS::ApplicationAutoScaling::ScalingPolicy"):
    """How a scalable target follows a metric; Ref is the policy's ARN."""

    def create(self, properties: Properties, context: Context) -> str:
        return str(_put(properties, context)["PolicyARN"])

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        return identifier["Arn"]

    def read(self, physical_id: str, context: Context) -> Properties | None:
        found = _found(physical_id, context)
        if found is None:
            return None
        told = from_api(self.type_name, context.region, {**found, "Arn": found["PolicyARN"]})
        return {**told, "ScalingTargetId": "|".join(found[name] for name in _TARGET)}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        _put(new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        found = _found(physical_id, context)
        if found is None:
            return
        where = {name: found[name] for name in (*_TARGET, "PolicyName")}
        try:
            context.client("application-autoscaling").delete_scaling_policy(**where)
        except ClientError as error:
            if not is_gone(error):
                raise


def _put(properties: Properties, context: Context) -> dict[str, Any]:
    """ScalingTargetId stands for the three properties that name the target otherwise."""
    named = dict(zip(_TARGET, properties.get("ScalingTargetId", "").split("|"), strict=False))
    wanted = {**named, **properties} if "ScalingTargetId" in properties else properties
    client = context.client("application-autoscaling")
    arguments = to_api(client, "put_scaling_policy", wanted, omit=("ScalingTargetId",))
    answer: dict[str, Any] = client.put_scaling_policy(**arguments)
    return answer


def _found(physical_id: str, context: Context) -> dict[str, Any] | None:
    """The policy of this ARN, which says the namespace but not the dimension."""
    namespace = physical_id.partition(":resource/")[2].partition("/")[0]
    client = context.client("application-autoscaling")
    policies = client.describe_scaling_policies(ServiceNamespace=namespace)["ScalingPolicies"]
    return next((policy for policy in policies if policy["PolicyARN"] == physical_id), None)
