"""AWS::SageMaker::Endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.model_data import ECR, not_pullable
from infra.local.quotas import allowed, endpoint_usage
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping


class EndpointFailed(Exception):
    """An endpoint that is made, or changed, and comes to nothing: its status, and the reason that it tells."""

    def __init__(self, status: str, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


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


@rule(
    "AWS::SageMaker::Endpoint",
    error="Failed",
    source="aws/deep-learning-containers#759 and aws/sagemaker-python-sdk#2002 (the text, and that the endpoint's "
    "FailureReason has it, which CloudFormation tells); https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "sagemaker-roles.html (the three rights; that the two others are told alike is inferred); read 2026-11-24",
    raises=EndpointFailed,
)
def pull(role: str | None, image: str) -> str | None:
    """The model's role may pull its image from ECR, or the endpoint fails though SageMaker has taken it."""
    if not role or not ECR.fullmatch(image):
        return None
    missing = not_pullable(role, image)
    return f"The role '{role}' does not have {missing} permission for the image: '{image}'." if missing else None
