"""AWS::ApiGateway::Account."""

from __future__ import annotations

from infra.local.resource_type import Context, Properties, ResourceType, Unsupported


class Account(ResourceType, name="AWS::ApiGateway::Account"):
    """The role that API Gateway logs with, once for an account and region: whoever puts it last, wins."""

    def create(self, properties: Properties, context: Context) -> str:
        if not properties.get("CloudWatchRoleArn"):
            raise Unsupported(f"{self.type_name} without CloudWatchRoleArn")
        _put(properties["CloudWatchRoleArn"], context)
        return context.generated_name()

    def read(self, physical_id: str, context: Context) -> Properties | None:
        role = context.client("apigateway").get_account().get("cloudwatchRoleArn")
        return {"Id": physical_id, "CloudWatchRoleArn": role} if role else None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        _put(new.get("CloudWatchRoleArn", ""), context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        """The role goes only if it is still this resource's; that AWS takes it away is not stated anywhere."""
        if context.client("apigateway").get_account().get("cloudwatchRoleArn") == properties.get("CloudWatchRoleArn"):
            _put("", context)


def _put(role: str, context: Context) -> None:
    patch = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
    context.client("apigateway").update_account(patchOperations=[patch])
