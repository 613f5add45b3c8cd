"""AWS::ApiGateway::Account."""

from __future__ import annotations

from infra.local.permissions import role_trusts
from infra.local.rule import rule


@rule(
    "AWS::ApiGateway::Account",
    error="BadRequestException",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html, read 2026-11-24",
)
def role(arn: str) -> str | None:
    """The role is there and trusts apigateway.amazonaws.com; whether its rights are tried too is not stated."""
    if role_trusts(arn, "apigateway.amazonaws.com", {}):
        return None
    return (
        "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway "
        "and add the required role policy."
    )
