"""Alarms that change because of metrics, by a clock that is moved."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.clock import CLOCK, FURTHEST
from tests.local.types.trips import Trip, machine_role, made_topic, run, scheduled_machine, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.local.resource_type import Context


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    CLOCK.reset()
    yield
    CLOCK.reset()


def alarm(context: Context, **changes: Any) -> str:
    properties = {
        "AlarmName": "watch",
        "Namespace": "Enclave",
        "MetricName": "Denied",
        "Dimensions": [{"Name": "Who", "Value": "vendor"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 1,
        "Threshold": 2,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": [made_topic(context)],
        "OKActions": [made_topic(context)],
        **changes,
    }
    return Trip(context, "AWS::CloudWatch::Alarm", properties).id


def put(context: Context, value: float, who: str = "vendor") -> None:
    datum = {"MetricName": "Denied", "Value": value, "Dimensions": [{"Name": "Who", "Value": who}]}
    context.client("cloudwatch").put_metric_data(Namespace="Enclave", MetricData=[datum])


def state(context: Context) -> str:
    (found,) = context.client("cloudwatch").describe_alarms(AlarmNames=["watch"])["MetricAlarms"]
    return str(found["StateValue"])


def after(context: Context, minutes: float) -> str:
    CLOCK.advance(timedelta(minutes=minutes))
    return state(context)


def test_an_alarm_goes_off_at_the_end_of_the_minute_and_is_over_when_its_period_is(context: Context) -> None:
    alarm(context)
    assert state(context) == "INSUFFICIENT_DATA"
    assert after(context, 1) == "OK"
    put(context, 1)
    put(context, 5, who="another")
    assert after(context, 1) == "OK"
    put(context, 1)
    assert after(context, 1) == "ALARM"
    assert after(context, 2) == "ALARM"
    assert after(context, 5) == "OK"
    changes = [(each["OldStateValue"], each["NewStateValue"]) for each in told(context)]
    assert changes == [("INSUFFICIENT_DATA", "OK"), ("OK", "ALARM"), ("ALARM", "OK")]


@pytest.mark.parametrize(
    ("treated", "becomes"),
    [("breaching", "ALARM"), ("notBreaching", "OK"), ("missing", "INSUFFICIENT_DATA"), ("ignore", "INSUFFICIENT_DATA")],
)
def test_silence_is_what_the_alarm_takes_it_for(context: Context, treated: str, becomes: str) -> None:
    alarm(context, TreatMissingData=treated, ComparisonOperator="LessThanThreshold", Threshold=1, Period=3600)
    assert after(context, 1) == becomes
    put(context, 1)
    assert after(context, 1) == "OK"


def test_so_many_of_so_many_periods(context: Context) -> None:
    alarm(context, Period=60, EvaluationPeriods=3, DatapointsToAlarm=2, Statistic="Maximum")
    put(context, 3)
    assert after(context, 1) == "OK"
    put(context, 1)
    assert after(context, 1) == "OK"
    put(context, 3)
    assert after(context, 1) == "ALARM"


def test_an_alarm_set_by_hand_comes_back_to_what_its_metric_says(context: Context) -> None:
    alarm(context)
    after(context, 1)
    context.client("cloudwatch").set_alarm_state(AlarmName="watch", StateValue="ALARM", StateReason="tried")
    assert state(context) == "ALARM"
    assert after(context, 1) == "OK"


def test_an_alarm_whose_topic_keeps_cloudwatch_out_tells_nobody(context: Context) -> None:
    alarm(context)
    topic = made_topic(context)
    only = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**only, "Resource": topic}]})
    context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    put(context, 2)
    assert after(context, 1) == "ALARM"
    assert told(context) == []


def test_an_execution_that_fails_is_a_metric(context: Context) -> None:
    alarm(context)  # makes the topic
    fails = {"StartAt": "F", "States": {"F": {"Type": "Fail"}}}
    machine = context.client("stepfunctions").create_state_machine(
        name="failing", roleArn=machine_role(context), definition=json.dumps(fails)
    )["stateMachineArn"]
    changes = {"Namespace": "AWS/States", "MetricName": "ExecutionsFailed", "Threshold": 1}
    context.client("cloudwatch").delete_alarms(AlarmNames=["watch"])
    alarm(context, **changes, Dimensions=[{"Name": "StateMachineArn", "Value": machine}])
    assert after(context, 1) == "OK"
    run(context, machine, "{}")
    assert after(context, 1) == "ALARM"
    now = datetime.now(UTC)
    points = context.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/States",
        MetricName="ExecutionsStarted",
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=3600,
        Statistics=["Sum"],
    )
    assert [point["Sum"] for point in points["Datapoints"]] == [1]


FILTERS = [
    ("{ ($.eventName = DeleteTrail) || ($.eventName = StopLogging) }", 2),
    ('{ $.user.type = "Root" && $.invokedBy NOT EXISTS }', 1),
    ("{ $.count >= 2 }", 1),
    ("{ $.eventName = Stop* && $.user.type != Root }", 1),
    ("?DeleteTrail ?Nothing", 1),
    ("StopLogging -Root", 1),
    ("", 3),
    ("[ip, user]", 0),
]
EVENTS = (
    {"eventName": "DeleteTrail", "user": {"type": "Root"}, "count": 2},
    {"eventName": "StopLogging", "user": {"type": "Role"}, "count": 1, "invokedBy": "x"},
    {"eventName": "PutRule", "user": {"type": "Root"}, "invokedBy": "x"},
)


@pytest.mark.parametrize(("pattern", "matching"), FILTERS, ids=[pattern for pattern, _ in FILTERS])
def test_a_metric_filter_counts_what_its_pattern_matches(context: Context, pattern: str, matching: int) -> None:
    logs = context.client("logs")
    logs.create_log_group(logGroupName="trail")
    logs.create_log_stream(logGroupName="trail", logStreamName="s")
    transformation = {"metricName": "Denied", "metricNamespace": "Enclave", "metricValue": "1"}
    logs.put_metric_filter(
        logGroupName="trail", filterName="f", filterPattern=pattern, metricTransformations=[transformation]
    )
    alarm(context, Dimensions=None, Threshold=matching or 1)
    now = int(datetime.now(UTC).timestamp() * 1000)
    events = [{"timestamp": now, "message": json.dumps(event)} for event in EVENTS]
    logs.put_log_events(logGroupName="trail", logStreamName="s", logEvents=events)
    assert after(context, 1) == ("ALARM" if matching else "OK")
    context.client("cloudwatch").delete_alarms(AlarmNames=["watch"])
    alarm(context, Dimensions=None, Threshold=matching + 1)
    assert after(context, 1) == "OK"


def test_moving_time_starts_a_schedule_each_time_it_falls_due(context: Context) -> None:
    machine, role = scheduled_machine(context)
    context.client("scheduler").create_schedule(
        Name="hourly",
        ScheduleExpression="rate(1 hour)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": machine, "RoleArn": role},
    )
    CLOCK.advance(timedelta(hours=3, minutes=1))
    executions = context.client("stepfunctions").list_executions(stateMachineArn=machine)["executions"]
    assert [each["status"] for each in executions] == ["SUCCEEDED"] * 4


@pytest.mark.parametrize("by", [timedelta(seconds=-1), FURTHEST + timedelta(seconds=1)])
def test_time_moves_forward_and_not_beyond_a_week(by: timedelta) -> None:
    with pytest.raises(ValueError, match="time moves by"):
        CLOCK.advance(by)
