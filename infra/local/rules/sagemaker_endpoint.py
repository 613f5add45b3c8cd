"""AWS::SageMaker::Endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.quotas import allowed, endpoint_usage
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping


@rule(
    "AWS::SageMaker::Endpoint",
    error="ResourceLimitExceeded",
    source="https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html; the text as many public "
    "reports quote it; that an update counts the old fleet and the new: "
    "https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html; read 2026-11-24",
)
def quota(account: str, region: str, standing: Mapping[str, int], wanted: Mapping[str, int]) -> str | None:
    """The instances of a type behind all endpoints of the account stay within its quota for endpoints."""
    for kind, count in sorted(wanted.items()):
        limit, used = allowed(account, region, "sagemaker", endpoint_usage(kind)), standing.get(kind, 0)
        if used + count > limit:
            return (
                f"The account-level service limit '{endpoint_usage(kind)}' is {limit:.0f} Instances, with current "
                f"utilization of {used} Instances and a request delta of {count} Instances. Please use AWS Service "
                "Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS "
                "support to request an increase for this quota."
            )
    return None
