"""AWS::ApiGateway::Deployment."""

from __future__ import annotations

from typing import Any

from infra.local.rule import rule

TYPE = "AWS::ApiGateway::Deployment"
PRIVATE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html"


@rule(
    TYPE,
    error="BadRequestException",
    source=f"{PRIVATE}; public reports of CreateDeployment (the text and its error); read 2026-11-24",
)
def resource_policy(api: Any) -> str | None:
    """A private API has a resource policy before it is deployed."""
    private = "PRIVATE" in api.told["endpointConfiguration"].get("types", [])
    if private and not api.told.get("policy"):
        return "Private REST API doesn't have a resource policy attached to it"
    return None


@rule(
    TYPE,
    error="BadRequestException",
    source="https://github.com/hashicorp/terraform-provider-aws/issues/14290; cdk-preflight 1.9.1, reproduced on "
    "AWS by its authors (the text); read 2026-11-24",
)
def methods(api: Any) -> str | None:
    """The API has a method: the deployment depends on one."""
    if any(resource.resource_methods for resource in api.resources.values()):
        return None
    return "The REST API doesn't contain any methods"


@rule(
    TYPE,
    error="BadRequestException",
    source="https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html; the text is inferred; read "
    "2026-11-24",
)
def integrations(api: Any) -> str | None:
    """Every method of the API has an integration."""
    found = [method for resource in api.resources.values() for method in resource.resource_methods.values()]
    return None if all("methodIntegration" in method.told for method in found) else "No integration defined for method"
