"""AWS::Logs::MetricFilter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.resource_type import Context, Properties


class MetricFilter(Declared, name="AWS::Logs::MetricFilter"):
    """What a log group's events count as a metric."""

    service = "logs"
    creates = Call("put_metric_filter")
    generates = ("FilterName", 512)
    identity = "{LogGroupName}|{FilterName}"
    parts = ("LogGroupName", "FilterName")
    reads = (
        Call(
            "describe_metric_filters",
            {"logGroupName": "{LogGroupName}", "filterNamePrefix": "{FilterName}"},
            "metricFilters[?filterName=='{FilterName}'] | [0]",
        ),
    )
    updates = Call("put_metric_filter", {"filterName": "{FilterName}"})
    deletes = Call("delete_metric_filter", {"logGroupName": "{LogGroupName}", "filterName": "{FilterName}"})

    def sent(self, properties: Properties) -> Properties:
        return {**properties, "MetricTransformations": _each(properties["MetricTransformations"], _as_map)}

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**answer, "metricTransformations": _each(answer["metricTransformations"], _as_list)}


def _each(transformations: list[dict[str, Any]], convert: Callable[[Any], Any]) -> list[dict[str, Any]]:
    """The transformations with their dimensions, a list in templates and a map in the API, converted."""
    return [
        {name: convert(value) if name.lower() == "dimensions" else value for name, value in one.items()}
        for one in transformations
    ]


def _as_map(dimensions: list[dict[str, str]]) -> dict[str, str]:
    return {one["Key"]: one["Value"] for one in dimensions}


def _as_list(dimensions: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in dimensions.items()]
