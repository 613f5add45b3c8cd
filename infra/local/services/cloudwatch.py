"""CloudWatch alarms: every property kept as it was put, and what PutMetricAlarm refuses; metrics listed once each.

moto drops what it does not know, calls a new alarm OK and evaluates none. Sources: botocore 1.44.5's service model;
the CloudWatch API reference; CloudWatch user guide, "Alarm events and EventBridge", read 2026-11-24.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from infra.local import alarms, bus, invocation, metrics, triggers
from infra.local.clock import CLOCK
from infra.local.mend import wrap
from infra.local.operations import Call, check, serve
from infra.local.resource_type import Refused
from infra.local.rules import cloudwatch_alarm as rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOG = logging.getLogger(__name__)
_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
_SINGLE_METRIC = ("MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic")
_SHORT_PERIODS = (10, 20, 30)
_TOLD = ("MetricName", "Namespace", "Dimensions", "Statistic", "Period", "EvaluationPeriods", "Threshold")


def extend() -> None:
    """Serve these operations from moto's CloudWatch, and evaluate alarms by the embedded clock."""
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.cloudwatch.responses import CloudWatchResponse

    serve(CloudWatchResponse, OPERATIONS, invalid="ValidationError")
    check(CloudWatchResponse, invalid="ValidationError")
    wrap(CloudWatchBackend, put_metric_data=metrics.remember)
    CLOCK.add("alarms", lambda now: alarms.evaluate(now, _become))


def _put(call: Call) -> None:
    wanted = call.parameters
    _refuse(call, wanted)
    standing = call.backend.alarms.get(wanted["AlarmName"])
    alarm = call.backend.put_metric_alarm(
        name=wanted["AlarmName"],
        namespace=wanted.get("Namespace"),
        metric_name=wanted.get("MetricName"),
        comparison_operator=wanted.get("ComparisonOperator", ""),
        evaluation_periods=wanted.get("EvaluationPeriods"),
        period=wanted.get("Period"),
        threshold=wanted.get("Threshold"),
        statistic=wanted.get("Statistic"),
        description=wanted.get("AlarmDescription"),
        dimensions=wanted.get("Dimensions", []),
        alarm_actions=wanted.get("AlarmActions", []),
        ok_actions=wanted.get("OKActions"),
        insufficient_data_actions=wanted.get("InsufficientDataActions"),
        actions_enabled=wanted.get("ActionsEnabled", True),
        # An alarm keeps its tags when it is put again.
        tags=None if standing else wanted.get("Tags"),
    )
    alarm.put = {name: value for name, value in wanted.items() if name != "Tags"}
    if standing:
        kept = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp", "history")
        vars(alarm).update({name: getattr(standing, name) for name in kept})
    else:
        alarm.state_value = "INSUFFICIENT_DATA"
    call.kept("evaluated").pop(alarm.name, None)
    CLOCK.wake()


def _refuse(call: Call, wanted: Mapping[str, Any]) -> None:
    metrics = wanted.get("Metrics")
    if metrics and any(name in wanted for name in _SINGLE_METRIC):
        raise Refused(
            "ValidationError", "Metrics list cannot be specified along with MetricName, Namespace, Period or Statistic."
        )
    # An anomaly band is returned beside the metric that it is a band for.
    returned = 2 if "ThresholdMetricId" in wanted else 1
    if metrics and sum(query.get("ReturnData", True) for query in metrics) != returned:
        raise Refused("ValidationError", "Exactly one element of the metrics list should return data.")
    if not metrics and "EvaluationCriteria" not in wanted and "MetricName" not in wanted:
        raise Refused("ValidationError", "The parameter MetricName or Metrics is required.")
    if "MetricName" in wanted and ("Statistic" in wanted) == ("ExtendedStatistic" in wanted):
        raise Refused("ValidationError", "Exactly one of Statistic and ExtendedStatistic is required.")
    if wanted.get("DatapointsToAlarm", 0) > wanted.get("EvaluationPeriods", 0):
        raise Refused("ValidationError", "DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    periods = [wanted.get("Period"), *(query.get("MetricStat", {}).get("Period") for query in metrics or ())]
    if any(period and period % 60 and period not in _SHORT_PERIODS for period in periods):
        raise Refused("ValidationError", "Period must be 10, 20, 30 or a multiple of 60")
    for action in (arn for name in _ACTIONS.values() for arn in wanted.get(name, [])):
        if action.split(":")[:2] != ["arn", call.partition]:
            raise Refused("ValidationError", f"Invalid action ARN: {action}")
        rules.action_vendor(action)
    rules.threshold(wanted)
    rules.window(wanted)


def _describe(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    alarms = [
        alarm
        for alarm in call.backend.alarms.values()
        if (not wanted.get("AlarmNames") or alarm.name in wanted["AlarmNames"])
        and alarm.name.startswith(wanted.get("AlarmNamePrefix", ""))
        and wanted.get("StateValue") in (None, alarm.state_value)
        and any(action.startswith(wanted.get("ActionPrefix", "")) for action in [*alarm.alarm_actions, ""])
    ]
    kinds = wanted.get("AlarmTypes", ["MetricAlarm"])
    metric = [_told(alarm) for alarm in alarms if alarm.rule is None]
    composite = [alarm for alarm in alarms if alarm.rule is not None]
    return {
        **call.page("MetricAlarms", metric if "MetricAlarm" in kinds else [], token="NextToken", size="MaxRecords"),
        "CompositeAlarms": composite if "CompositeAlarm" in kinds or "AlarmTypes" not in wanted else [],
    }


def _told(alarm: Any) -> Any:
    put = getattr(alarm, "put", None)
    if put is None:  # made inside moto, for a scaling policy, and never put
        return alarm
    return {
        **{name: [] for name in _ACTIONS.values()},
        "Dimensions": [],
        **put,
        "AlarmArn": alarm.alarm_arn,
        "ActionsEnabled": alarm.actions_enabled,
        "AlarmConfigurationUpdatedTimestamp": alarm.configuration_updated_timestamp,
        "StateValue": alarm.state_value,
        "StateReason": alarm.state_reason,
        "StateReasonData": alarm.state_reason_data,
        "StateUpdatedTimestamp": alarm.state_updated_timestamp,
    }


def _delete(call: Call) -> None:
    names = call.parameters["AlarmNames"]
    absent = [name for name in names if name not in call.backend.alarms]
    if absent:
        raise Refused("ResourceNotFound", f"Alarm does not exist: {', '.join(absent)}")
    for name in names:
        call.backend.tagger.delete_all_tags_for_resource(call.backend.alarms[name].alarm_arn)
    call.backend.delete_alarms(names)


def _set_state(call: Call) -> None:
    wanted = call.parameters
    alarm = call.backend.alarms.get(wanted["AlarmName"])
    if alarm is None:
        raise Refused("ResourceNotFound", f"Alarm does not exist: {wanted['AlarmName']}")
    before = alarm.state_value
    _change(call.backend, alarm, wanted["StateValue"], wanted["StateReason"], wanted.get("StateReasonData"))
    if before != alarm.state_value:
        _tell(call.backend, alarm, before, "alarm-set")


def _become(backend: Any, alarm: Any, state: str, reason: str, data: str) -> None:
    """What evaluating an alarm has come to, if that is another state than it was in."""
    before = alarm.state_value
    _change(backend, alarm, state, reason, data)
    _tell(backend, alarm, before, "alarm")


def _change(backend: Any, alarm: Any, state: str, reason: str, data: str | None) -> None:
    backend.set_alarm_state(alarm.name, reason, data, state)
    alarm.state_updated_timestamp = CLOCK.now().replace(tzinfo=None)


def _tell(backend: Any, alarm: Any, before: str, trigger: str) -> None:
    """Tell the bus of the state that the alarm has come into, and the actions for that state."""
    now, account, region = CLOCK.now().isoformat(timespec="milliseconds"), backend.account_id, backend.region_name
    put = getattr(alarm, "put", {})
    detail = {
        "alarmName": alarm.name,
        "state": {"value": alarm.state_value, "reason": alarm.state_reason, "timestamp": now},
        "previousState": {"value": before},
        "configuration": {"description": put.get("AlarmDescription", "")},
    }
    bus.send(account, region, "aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm.alarm_arn])
    if not alarm.actions_enabled:
        return
    told = {
        "AlarmName": alarm.name,
        "AlarmDescription": put.get("AlarmDescription"),
        "AlarmArn": alarm.alarm_arn,
        "AWSAccountId": account,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": now,
        "OldStateValue": before,
        "Trigger": {name: put[name] for name in _TOLD if name in put},
    }
    for action in put.get(_ACTIONS[alarm.state_value], []):
        source = ("cloudwatch.amazonaws.com", alarm.alarm_arn)
        try:
            invocation.invoke(account, region, {"Arn": action}, json.dumps(told), source=source)
            triggers.count(trigger)
        except Exception as error:  # CloudWatch drops what an action does not take
            _LOG.warning("alarm %s could not tell %s: %s", alarm.name, action, error)


def _list_metrics(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    _, found = call.backend.list_metrics(
        None, wanted.get("Namespace"), wanted.get("MetricName"), wanted.get("Dimensions", [])
    )
    # moto lists a metric without dimensions once for every value that was put.
    metrics = {
        (one.namespace, one.name, tuple(sorted((d.name, d.value) for d in one.dimensions))): {
            "Namespace": one.namespace,
            "MetricName": one.name,
            "Dimensions": [{"Name": d.name, "Value": d.value} for d in one.dimensions],
        }
        for one in found
    }
    return call.page("Metrics", list(metrics.values()), token="NextToken", size="")


OPERATIONS = {
    "PutMetricAlarm": _put,
    "DescribeAlarms": _describe,
    "DeleteAlarms": _delete,
    "SetAlarmState": _set_state,
    "ListMetrics": _list_metrics,
}
