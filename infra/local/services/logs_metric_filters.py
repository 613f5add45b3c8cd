"""CloudWatch Logs' metric filters: one by a name in a group, overwritten by the next put; and what they count.

API shapes: botocore 1.44.5, service `logs`; refusals and quotas: CloudWatch Logs API reference, read 2026-11-24.
"""

from __future__ import annotations

import logging
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.models import LogGroup, logs_backends
from moto.logs.responses import LogsResponse

from infra.local import filter_patterns, metrics, triggers
from infra.local.clock import CLOCK
from infra.local.mend import wrap
from infra.local.operations import Call, kept, named, serve
from infra.local.resource_type import Refused
from infra.local.rules import logs_metric_filter
from infra.local.services.logs import extra, group_of, page

_LOG = logging.getLogger(__name__)
FILTERS = 100
"""Metric filters of a log group."""


def extend() -> None:
    """Serve metric filters in place of moto's, and let them count what is written to their groups."""
    wrap(LogGroup, put_log_events=_put_log_events)
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
        raise Refused("InvalidOperationException", "This operation is only supported on the Standard log class.")
    if len(asked["metricTransformations"]) != 1:
        raise Refused("InvalidParameterException", "metricTransformations must have exactly one item")
    logs_metric_filter.pattern(asked["filterPattern"])
    for transformation in asked["metricTransformations"]:
        logs_metric_filter.namespace(transformation)
        logs_metric_filter.dimensions(transformation)
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


def _put_log_events(group: Any, motos: Any, stream: str, log_events: list[dict[str, Any]]) -> Any:
    answer = motos(group, stream, log_events)
    backend = logs_backends[group.account_id][group.region]
    filters = [one for one in list(backend.filters.metric_filters) if one["logGroupName"] == group.name]
    if filters:
        messages = [event["message"] for event in log_events]
        events = [(message, filter_patterns.as_object(message)) for message in messages]
        for one in filters:
            try:
                _count(backend, one, events)
            except filter_patterns.NotEvaluated as why:
                _LOG.warning("metric filter %s counts nothing: %s is not evaluated", one["filterName"], why)
    return answer


def _count(backend: Any, one: dict[str, Any], events: list[tuple[str, Any]]) -> None:
    """A value for each event that matches; the default, once a minute, where events came and none of them does."""
    (transformation,) = one["metricTransformations"]
    found = [event for message, event in events if filter_patterns.matches(one["filterPattern"], message, event)]
    for event in found:
        if (value := _number(transformation["metricValue"], event)) is not None:
            named = {name: _text(where, event) for name, where in transformation.get("dimensions", {}).items()}
            _publish(backend, transformation, value, named)
            triggers.count("metric-filter")
    minute = CLOCK.now().replace(second=0, microsecond=0)
    told = kept(backend, "defaults")
    key = (one["logGroupName"], one["filterName"])
    if not found and "defaultValue" in transformation and told.get(key) != minute:
        told[key] = minute
        _publish(backend, transformation, transformation["defaultValue"], {})


def _publish(backend: Any, transformation: dict[str, Any], value: float, dimensions: dict[str, str]) -> None:
    metrics.publish(
        backend.account_id,
        backend.region_name,
        transformation["metricNamespace"],
        transformation["metricName"],
        dimensions,
        value=value,
        unit=transformation.get("unit", "None"),
    )


def _number(value: str, event: Any) -> float | None:
    told = filter_patterns.selected(value, event) if value.startswith("$") else value
    try:
        return float(told)
    except (TypeError, ValueError):
        return None


def _text(where: str, event: Any) -> str:
    told = filter_patterns.selected(where, event)
    return "" if told is None else str(told)
