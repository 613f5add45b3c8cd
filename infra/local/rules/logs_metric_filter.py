"""AWS::Logs::MetricFilter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::Logs::MetricFilter"
API = "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"
SOURCE = f"{API}; cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"


@rule(TYPE, error="InvalidParameterException", source=SOURCE)
def namespace(transformation: Mapping[str, Any]) -> str | None:
    """Metrics go into a namespace of the account's own, not into one of AWS's."""
    if not transformation["metricNamespace"].startswith("AWS/"):
        return None
    return "Metric namespaces starting with AWS/ are reserved for AWS."


@rule(TYPE, error="InvalidParameterException", source=SOURCE)
def dimensions(transformation: Mapping[str, Any]) -> str | None:
    """A dimension's value is a field of the event."""
    if all(value.startswith("$") for value in transformation.get("dimensions", {}).values()):
        return None
    return "Invalid metric transformation: dimension value must be valid selector"


@rule(TYPE, error="InvalidParameterException", source=SOURCE)
def pattern(text: str) -> str | None:
    """A pattern that begins with a bracket ends with one."""
    if not text.strip().startswith("[") or text.strip().endswith("]"):
        return None
    return "If a filter pattern starts with '[' it must end with ']'"
