"""AWS::ApiGateway::Account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.permissions import role_allows, role_trusts
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.operations import Call

WRITES = ("CreateLogGroup", "CreateLogStream", "PutLogEvents")
"""Of what AmazonAPIGatewayPushToCloudWatchLogs allows; which of it is tried is inferred."""


@rule(
    "AWS::ApiGateway::Account",
    error="BadRequestException",
    source="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html; "
    "tmobile/jazz-installer#597 (the text, and that the policy has to be attached by then); read 2026-11-24",
)
def role(call: Call, arn: str) -> str | None:
    """The role is there, trusts apigateway.amazonaws.com, and may write logs of any API."""
    stream = call.arn("logs", "log-group:API-Gateway-Execution-Logs_any:log-stream:any")
    writes = all(role_allows(arn, f"logs:{verb}", stream) for verb in WRITES)
    if writes and role_trusts(arn, "apigateway.amazonaws.com", {}):
        return None
    return (
        "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway "
        "and add the required role policy."
    )
