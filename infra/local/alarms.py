"""Alarms on metrics, evaluated by the embedded clock at every full minute, as CloudWatch does.

Source: CloudWatch user guide, "Alarm evaluation" and "Configuring how alarms treat missing data", read 2026-11-24.
Exactly as many periods are looked at as the alarm evaluates; CloudWatch also looks some way behind them, how far is
not documented. Metric math and anomaly bands are not evaluated: such an alarm changes by SetAlarmState alone.
"""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.local import metrics
from infra.local.clock import CLOCK
from infra.local.operations import kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MINUTE = timedelta(minutes=1)
_COMPARISONS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": ("greater than", lambda value, threshold: value > threshold),
    "GreaterThanOrEqualToThreshold": (
        "greater than or equal to",
        lambda value, threshold: value >= threshold,
    ),
    "LessThanThreshold": ("less than", lambda value, threshold: value < threshold),
    "LessThanOrEqualToThreshold": (
        "less than or equal to",
        lambda value, threshold: value <= threshold,
    ),
}


def evaluate(now: datetime, become: Callable[[Any, Any, str, str, str], None]) -> datetime | None:
    """Evaluate every alarm that has not been in this minute; when the next minute begins, if there are any.

    `become` is told the backend, the alarm, its new state, the reason, and the reason's data as JSON.
    """
    minute = now.replace(second=0, microsecond=0)
    some = False
    for backend in _everywhere():
        done = kept(backend, "evaluated")
        for alarm in list(backend.alarms.values()):
            put = getattr(alarm, "put", {})
            if not _is_evaluated(put):
                continue
            some = True
            if done.get(alarm.name) != minute:
                done[alarm.name] = minute
                _evaluate(backend, alarm, put, minute, become)
    return minute + MINUTE if some else None


def _is_evaluated(put: dict[str, Any]) -> bool:
    percentile = put.get("ExtendedStatistic", "p50")
    return "MetricName" in put and put.get("ComparisonOperator") in _COMPARISONS and percentile.startswith("p")


def _everywhere() -> Iterator[Any]:
    from moto.cloudwatch.models import cloudwatch_backends

    for regions in list(dict.values(cloudwatch_backends)):
        yield from list(dict.values(regions))


def _evaluate(
    backend: Any,
    alarm: Any,
    put: dict[str, Any],
    minute: datetime,
    become: Callable[[Any, Any, str, str, str], None],
) -> None:
    period, periods = timedelta(seconds=put["Period"]), put["EvaluationPeriods"]
    of = frozenset((each["Name"], each["Value"]) for each in put.get("Dimensions", ()))
    series = (put["Namespace"], put["MetricName"], of)
    found = [
        metrics.values(backend, series, minute - (number + 1) * period, minute - number * period, put.get("Unit"))
        for number in range(periods)
    ]
    statistic = put.get("Statistic") or put["ExtendedStatistic"]
    points = [_value(data, statistic) for data in found if data]
    state, reason = _judge(put, points, periods - len(points), alarm.state_value)
    if state != alarm.state_value:
        data = {
            "version": "1.0",
            "queryDate": CLOCK.now().isoformat(timespec="milliseconds"),
            "statistic": statistic,
            "period": put["Period"],
            "recentDatapoints": points,
            "threshold": put["Threshold"],
        }
        become(backend, alarm, state, reason, json.dumps(data))


def _judge(put: dict[str, Any], points: Sequence[float], missing: int, standing: str) -> tuple[str, str]:
    words, compare = _COMPARISONS[put["ComparisonOperator"]]
    treat, threshold = put.get("TreatMissingData", "missing"), put["Threshold"]
    wanted = put.get("DatapointsToAlarm", put["EvaluationPeriods"])
    breaching = sum(compare(point, threshold) for point in points)
    if not points:
        state = {"breaching": "ALARM", "notBreaching": "OK", "ignore": standing}.get(treat, "INSUFFICIENT_DATA")
        told = f"no datapoints were received for {missing} period{'s' * (missing != 1)}"
        ending = f" and {missing} missing datapoint{'s were' if missing != 1 else ' was'} treated as [{treat}]"
        head = "Insufficient Data" if state == "INSUFFICIENT_DATA" else "Threshold Crossed"
        return state, f"{head}: {told}{ending if state in ('ALARM', 'OK') else ''}."
    if treat == "breaching":
        breaching += missing
    alarming = breaching >= wanted
    if treat == "ignore" and not alarming and missing and breaching + missing >= wanted:
        return standing, ""
    listed = ", ".join(str(point) for point in points)
    which = f"{len(points)} datapoint{'s' * (len(points) != 1)} [{listed}] {'were' if len(points) != 1 else 'was'}"
    negation = "" if alarming else "not "
    return "ALARM" if alarming else "OK", f"Threshold Crossed: {which} {negation}{words} the threshold ({threshold})."


def _value(data: Sequence[Any], statistic: str) -> float:
    """The statistic of a period's data, single values and aggregated ones alike."""
    single = sorted(datum.value for datum in data if hasattr(datum, "value"))
    sets = [datum for datum in data if not hasattr(datum, "value")]
    count = len(single) + sum(datum.sample_count for datum in sets)
    total = float(sum(single) + sum(datum.sum for datum in sets))
    match statistic:
        case "Sum":
            return total
        case "SampleCount":
            return float(count)
        case "Average":
            return float(total / count)
        case "Minimum":
            return float(min([*single[:1], *(datum.min for datum in sets)]))
        case "Maximum":
            return float(max([*single[-1:], *(datum.max for datum in sets)]))
        case _:  # a percentile, of the single values: those of a set are not known
            rank = math.ceil(float(statistic.lstrip("p")) / 100 * len(single))
            return float(single[max(rank, 1) - 1]) if single else float(total / count)
