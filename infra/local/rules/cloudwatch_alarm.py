"""AWS::CloudWatch::Alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::CloudWatch::Alarm"
API = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
SOURCE = f"{API}; cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
VENDORS = ("automate", "sns", "autoscaling", "ssm", "ssm-incidents", "lambda")
"""Services that an alarm's action may be of."""
SECONDS_A_DAY = 86_400


@rule(TYPE, error="ValidationError", source=SOURCE)
def threshold(wanted: Mapping[str, Any]) -> str | None:
    """An alarm has a threshold, unless it is compared with a band."""
    if wanted.keys() & {"Threshold", "ThresholdMetricId", "EvaluationCriteria"}:
        return None
    return "PutMetricAlarm request should have valid Threshold parameter"


@rule(TYPE, error="ValidationError", source=SOURCE)
def window(wanted: Mapping[str, Any]) -> str | None:
    """What is evaluated spans a day at most, or a week where a period is an hour or more."""
    period = wanted.get("Period", 0)
    limit = SECONDS_A_DAY * (7 if period >= 3600 else 1)
    if period * wanted.get("EvaluationPeriods", 0) <= limit:
        return None
    return f"EvaluationPeriods * Period must be <= {limit}"


@rule(TYPE, error="ValidationError", source=SOURCE)
def action_vendor(action: str) -> str | None:
    """An action is a topic or of another service that alarms call, which a queue or a workflow is not."""
    vendor = f"{action}:::".split(":")[2]
    return None if vendor in VENDORS else f"Unsupported AWS vendor {vendor}"
