"""AWS::ApplicationAutoScaling::ScalableTarget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable


@rule(
    "AWS::ApplicationAutoScaling::ScalableTarget",
    error="ValidationException",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html; the text from "
    "public reports, an inference for GovCloud; read 2026-11-24",
)
def variant(resource: str, endpoints: Iterable[dict[str, Any]]) -> str | None:
    """The endpoint and its variant are there."""
    for endpoint in endpoints:
        for running in endpoint["ProductionVariants"]:
            if resource == f"endpoint/{endpoint['EndpointName']}/variant/{running['VariantName']}":
                return None
    return f"SageMaker endpoint variant doesn't exist: {resource}"
