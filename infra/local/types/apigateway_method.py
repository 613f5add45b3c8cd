"""AWS::ApiGateway::Method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.absent import absent_is_done, if_there, undone
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import from_api, to_api

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = ("Integration", "MethodResponses")
LACKS = ("AuthorizerId", "RequestValidatorId")
"""Properties that name what has no type here."""


class Method(ResourceType, name="AWS::ApiGateway::Method"):
    """A method with its responses and what it calls; Ref is the API, the resource and the verb, joined by `|`."""

    def create(self, properties: Properties, context: Context) -> str:
        client = context.client("apigateway")
        for name in LACKS:
            if name in properties:
                raise Unsupported(f"property {name} of {self.type_name}")
        where = {f"{name[0].lower()}{name[1:]}": properties[name] for name in ("RestApiId", "ResourceId", "HttpMethod")}
        client.put_method(**to_api(client, "put_method", properties, omit=LATER))
        with undone(lambda: client.delete_method(**where)):
            for response in properties.get("MethodResponses", []):
                client.put_method_response(**to_api(client, "put_method_response", response, **where))
            if integration := properties.get("Integration"):
                arguments = to_api(client, "put_integration", integration, omit=("IntegrationResponses",), **where)
                client.put_integration(**arguments)
                for response in integration.get("IntegrationResponses", []):
                    client.put_integration_response(**to_api(client, "put_integration_response", response, **where))
        return "|".join(where.values())

    def read(self, physical_id: str, context: Context) -> Properties | None:
        where = _where(physical_id)
        found = if_there(context.client("apigateway").get_method, "NotFoundException", **where)
        if found is None:
            return None
        told = dict(found)
        integration = told.pop("methodIntegration", None)
        responses = told.pop("methodResponses", {})
        if integration:
            more = integration.pop("integrationResponses", {})
            integration |= {"integrationResponses": list(more.values())} if more else {}
            if verb := integration.pop("httpMethod", None):
                integration["integrationHttpMethod"] = verb
            told["Integration"] = integration
        told |= {"MethodResponses": list(responses.values())} if responses else {}
        return from_api(self.type_name, context.region, {**told, **where})

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        """Anew: no deployment that was made is touched by it."""
        client = context.client("apigateway")
        client.delete_method(**_where(physical_id))
        try:
            self.create(new, context)
        except Exception:
            self.create(old, context)
            raise

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done("NotFoundException"):
            context.client("apigateway").delete_method(**_where(physical_id))


def _where(physical_id: str) -> dict[str, Any]:
    names: Iterator[str] = iter(("restApiId", "resourceId", "httpMethod"))
    return dict(zip(names, physical_id.split("|"), strict=True))
