"""AWS::ApiGateway::RestApi."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.policy_documents import entries, parsed, statements, unknown_principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.operations import Call

TYPE = "AWS::ApiGateway::RestApi"
GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide"
WITHOUT_EDGE = ("aws-us-gov", "aws-cn")


@rule(
    TYPE,
    error="BadRequestException",
    source="https://github.com/awslabs/aws-solutions-constructs/issues/1332; hashicorp/terraform-provider-aws, "
    "acceptance tests of aws_api_gateway_rest_api (the text and its error); read 2026-11-24",
)
def endpoint_type(call: Call, wanted: Mapping[str, Any]) -> str | None:
    """The endpoint is PRIVATE or REGIONAL in GovCloud, which has no edge; EDGE is what AWS takes where none is said."""
    kinds = wanted.get("endpointConfiguration", {}).get("types") or ["EDGE"]
    if "EDGE" in kinds and call.partition in WITHOUT_EDGE:
        return f"Endpoint Configuration type EDGE is not supported in this region: {call.region}"
    return None


@rule(
    TYPE,
    error="BadRequestException",
    source=f"{GUIDE}/apigateway-private-api-create.html; cdk-preflight 1.9.1, reproduced on AWS by its authors (the "
    "text); read 2026-11-24",
)
def vpc_endpoints(wanted: Mapping[str, Any]) -> str | None:
    """VPC endpoints are named for a PRIVATE API alone."""
    configuration = wanted.get("endpointConfiguration", {})
    if configuration.get("vpcEndpointIds") and configuration.get("types") != ["PRIVATE"]:
        return "VPCEndpoints can only be specified with PRIVATE apis."
    return None


@rule(
    TYPE,
    error="BadRequestException",
    source=f"{GUIDE}/apigateway-resource-policies-create-attach.html; cdk-preflight 1.9.1, reproduced on AWS by its "
    "authors (the text); read 2026-11-24",
)
def policy(text: Any) -> str | None:
    """The resource policy is JSON with statements, each with principals that are there."""
    document = parsed(text)
    found = statements(document) if document else []
    named = all(entries(one, "Principal") or entries(one, "NotPrincipal") for one in found)
    if document and found and named and not unknown_principals(document):
        return None
    return "Invalid policy document. Please check the policy syntax and ensure that Principals are valid."
