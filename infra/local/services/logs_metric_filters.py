"""CloudWatch Logs' metric filters: one by a name in a group, overwritten by the next put.

API shapes: botocore 1.44.5, service `logs`; refusals and quotas: CloudWatch Logs API reference, read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.responses import LogsResponse

from infra.local.operations import Call, named, serve
from infra.local.resource_type import Refused
from infra.local.services.logs import extra, group_of, page

FILTERS = 100
"""Metric filters of a log group."""


def extend() -> None:
    """Serve metric filters in place of moto's."""
    functions = (
        put_metric_filter,
        describe_metric_filters,
        delete_metric_filter,
    )
    serve(LogsResponse, {named(function): function for function in functions}, invalid="InvalidParameterException")


def put_metric_filter(call: Call) -> None:
    """PutMetricFilter: one filter by that name in a group, made or overwritten."""
    asked = dict(call.parameters)
    group = group_of(call, asked["logGroupName"])
    if extra(call, group.name).get("logGroupClass", "STANDARD") != "STANDARD":
        raise Refused("InvalidOperationException", "Metric filters need a log group of the STANDARD class")
    if len(asked["metricTransformations"]) != 1:
        raise Refused("InvalidParameterException", "metricTransformations must have exactly one item")
    for transformation in asked["metricTransformations"]:
        if "defaultValue" in transformation and "dimensions" in transformation:
            message = "Invalid metric transformation: dimensions and default value are mutually exclusive properties."
            raise Refused("InvalidParameterException", message)
    filters = call.backend.filters.metric_filters
    made = {"creationTime": int(unix_time_millis(utcnow())), **asked}
    for number, one in enumerate(filters):
        if _is(one, asked["filterName"], group.name):
            filters[number] = made
            return
    if sum(one["logGroupName"] == group.name for one in filters) >= FILTERS:
        raise Refused("LimitExceededException", "Resource limit exceeded.")
    filters.append(made)


def describe_metric_filters(call: Call) -> dict[str, Any]:
    """DescribeMetricFilters."""
    asked = call.parameters
    if "logGroupName" in asked:
        group_of(call, asked["logGroupName"])
    if ("metricName" in asked) != ("metricNamespace" in asked):
        raise Refused("InvalidParameterException", "metricName and metricNamespace go together")
    found = call.backend.filters.get_matching_filters(
        asked.get("filterNamePrefix"), asked.get("logGroupName"), asked.get("metricName"), asked.get("metricNamespace")
    )
    return page("metricFilters", sorted(found, key=lambda one: (one["logGroupName"], one["filterName"])), asked)


def delete_metric_filter(call: Call) -> None:
    """DeleteMetricFilter."""
    asked = call.parameters
    group = group_of(call, asked["logGroupName"])
    filters = call.backend.filters.metric_filters
    found = next((one for one in filters if _is(one, asked["filterName"], group.name)), None)
    if found is None:
        raise Refused("ResourceNotFoundException", "The specified metric filter does not exist.")
    filters.remove(found)


def _is(one: dict[str, Any], name: str, group: str) -> bool:
    return (one["filterName"], one["logGroupName"]) == (name, group)
