"""CloudWatch: alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.live.account import Account
    from infra.live.names import Names

KEPT = (
    "ActionsEnabled",
    "AlarmActions",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "TreatMissingData",
)


@reader
def alarms(account: Account, names: Names) -> Iterator[Found]:
    """Metric alarms."""
    for alarm in account.all("cloudwatch", "describe_alarms", "MetricAlarms"):
        given = {name: alarm[name] for name in KEPT if alarm.get(name) not in (None, [])}
        dimensions = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", [])}
        yield Found(
            "AWS::CloudWatch::Alarm", alarm["AlarmName"], {**given, "Dimensions": _dimensions(dimensions, names)}
        )


def _dimensions(dimensions: Mapping[str, str], names: Names) -> list[dict[str, Any]]:
    """The dimensions; a guardrail version's number is a name that AWS made up, though it does not look like one."""
    if {"GuardrailArn", "GuardrailVersion"} <= dimensions.keys():
        guardrail = dimensions["GuardrailArn"].rpartition("/")[2]
        number = names.version(guardrail, dimensions["GuardrailVersion"])
        dimensions = {**dimensions, "GuardrailVersion": number}
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]
