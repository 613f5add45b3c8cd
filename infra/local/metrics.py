"""Metrics that services publish of themselves, and the data points that alarms look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.clock import CLOCK
from infra.local.operations import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

Series = tuple[str, str, frozenset[tuple[str, str]]]


def publish(
    account: str,
    region: str,
    namespace: str,
    name: str,
    dimensions: Mapping[str, str] | None = None,
    *,
    value: float = 1,
    unit: str = "Count",
) -> None:
    """Put one value now, as a service does without being asked."""
    from moto.cloudwatch.models import cloudwatch_backends

    named = [{"Name": key, "Value": told} for key, told in (dimensions or {}).items()]
    datum = {"MetricName": name, "Dimensions": named, "Value": value, "Unit": unit}
    cloudwatch_backends[account][region].put_metric_data(namespace, [datum])


def remember(backend: Any, motos: Any, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    """PutMetricData of moto's, by the embedded clock where a value names no time, and indexed by what it is of."""
    # A copy, for the list of moto's is the request's; naive times, as everywhere in moto.
    now = CLOCK.now().replace(tzinfo=None)
    timed = [{**datum, "Timestamp": datum.get("Timestamp") or now} for datum in metric_data]
    first = len(backend.metric_data)
    motos(backend, namespace, timed)
    index = kept(backend, "series")
    for datum in backend.metric_data[first:]:
        of = frozenset((dimension.name, dimension.value) for dimension in datum.dimensions)
        index.setdefault((datum.namespace, datum.name, of), []).append(datum)


def values(backend: Any, series: Series, start: datetime, end: datetime, unit: str | None = None) -> list[Any]:
    """moto's data of exactly these dimensions, from `start` on and before `end`."""
    return [
        datum
        for datum in list(kept(backend, "series").get(series, ()))
        if start <= _aware(datum.timestamp) < end and unit in (None, datum.unit)
    ]


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
