"""AWS::Route53Resolver::ResolverQueryLoggingConfig."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local import log_delivery
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.operations import Call

REACHES = {"logs": log_delivery.reaches_group, "s3": log_delivery.reaches_bucket}


@rule(
    "AWS::Route53Resolver::ResolverQueryLoggingConfig",
    error="AccessDeniedException",
    source="botocore 1.44.5, CreateResolverQueryLogConfig; awslabs/landing-zone-accelerator-on-aws#715 (the text "
    "and its error). A caller who may put the policy is not refused: AWS writes one; the enclave's deployer may "
    "not; read 2026-11-24",
)
def destination_permission(call: Call, arn: str) -> str | None:
    """The bucket or log group lets log delivery write to it already."""
    reaches = REACHES[arn.split(":")[2]]
    if reaches(arn, account=call.account, region=call.region, partition=call.partition):
        return None
    return "[RSLVR-01605] Missing permission to log destination"
