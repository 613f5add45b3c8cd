"""AWS::ApiGateway::Stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::ApiGateway::Stage"
GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html, read 2026-11-24"
IDENTIFIERS = ("$context.requestId", "$context.extendedRequestId")


@rule(
    TYPE,
    error="BadRequestException",
    source=f"{GUIDE}; aws-samples/amazon-bedrock-knowledgebase-slackbot#6 (the text, by CloudFormation)",
)
def log_role(role: str | None, stage: Mapping[str, Any]) -> str | None:
    """To log, execution or access, the account and region have a CloudWatch Logs role: AWS::ApiGateway::Account."""
    levels = {one.get("loggingLevel", "OFF") for one in stage.get("methodSettings", {}).values()}
    if role or not (levels - {"OFF"} or stage.get("accessLogSettings", {}).get("destinationArn")):
        return None
    return "CloudWatch Logs role ARN must be set in account settings to enable logging"


@rule(
    TYPE,
    error="BadRequestException",
    source=f"{GUIDE}; cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24",
)
def access_log_format(stage: Mapping[str, Any]) -> str | None:
    """The format of access logs says $context.requestId or $context.extendedRequestId."""
    text = stage.get("accessLogSettings", {}).get("format")
    if text is None or any(each in text for each in IDENTIFIERS):
        return None
    return "Access Log format must include either $context.requestId or $context.extendedRequestId"


@rule(
    TYPE,
    error="BadRequestException",
    source="https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html; the text is inferred; read "
    "2026-11-24",
)
def deployment(api: Any, deployment_id: str) -> str | None:
    """The stage's deployment is one of its own API."""
    return None if deployment_id in api.deployments else "Invalid Deployment identifier specified"
