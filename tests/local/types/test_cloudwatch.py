"""CloudWatch alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.types.trips import Trip, arn, made_topic, refused, told

if TYPE_CHECKING:
    from infra.local.resource_type import Context


def alarm(context: Context, **changes: Any) -> dict[str, Any]:
    topic = made_topic(context)
    return {
        "AlarmName": "vendor-use",
        "AlarmDescription": "a call too many",
        "Namespace": "AWS/Bedrock",
        "MetricName": "Invocations",
        "Dimensions": [{"Name": "ModelId", "Value": "openai.gpt-oss-120b-1:0"}],
        "Statistic": "Sum",
        "Unit": "Count",
        "Period": 300,
        "EvaluationPeriods": 2,
        "DatapointsToAlarm": 1,
        "Threshold": 10.5,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "ActionsEnabled": True,
        "AlarmActions": [topic],
        "OKActions": [topic],
        "InsufficientDataActions": [],
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


MATHS: dict[str, Any] = {
    **dict.fromkeys(("Namespace", "MetricName", "Dimensions", "Statistic", "Unit", "Period")),
    "Metrics": [
        {"Id": "rate", "Expression": "m1 / 60", "Label": "a second", "ReturnData": True},
        {
            "Id": "m1",
            "MetricStat": {
                "Metric": {"Namespace": "AWS/Bedrock", "MetricName": "Invocations", "Dimensions": []},
                "Period": 60,
                "Stat": "Sum",
            },
            "ReturnData": False,
        },
    ],
}


def test_an_alarm_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::CloudWatch::Alarm", alarm(context))
    trip.holds()
    assert (trip.id, trip.read()["Arn"]) == ("vendor-use", arn("cloudwatch", "alarm:vendor-use"))
    trip.change(**MATHS, TreatMissingData="breaching", ActionsEnabled=False, OKActions=None, Tags=None)
    trip.holds()
    assert "MetricName" not in trip.read()
    client = context.client("cloudwatch")
    client.enable_alarm_actions(AlarmNames=["vendor-use"])
    assert trip.read()["ActionsEnabled"] is True
    trip.gone()


def test_an_alarm_by_percentile_and_warm_up(context: Context) -> None:
    percentile = {"Statistic": None, "ExtendedStatistic": "p99.9", "EvaluateLowSampleCountPercentile": "ignore"}
    Trip(context, "AWS::CloudWatch::Alarm", alarm(context, **percentile)).holds()


@pytest.mark.parametrize(
    "changes",
    [
        {"DatapointsToAlarm": 3},
        {"Period": 45},
        {"Statistic": None},
        {"ComparisonOperator": "Equals"},
        {"AlarmActions": ["arn:aws:sns:us-gov-west-1:111122223333:alarms"]},
        {**MATHS, "MetricName": "Invocations"},
        {**MATHS, "Metrics": [{**MATHS["Metrics"][0], "ReturnData": False}]},
    ],
)
def test_an_alarm_is_refused(context: Context, changes: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::CloudWatch::Alarm", alarm(context, **changes))
    assert refused(error) == "ValidationError"


def test_an_alarm_tells_its_actions_once_it_changes_state(context: Context) -> None:
    trip = Trip(context, "AWS::CloudWatch::Alarm", alarm(context))
    client = context.client("cloudwatch")

    def becomes(state: str) -> list[str]:
        client.set_alarm_state(AlarmName="vendor-use", StateValue=state, StateReason="tried")
        return [f"{message['OldStateValue']}-{message['NewStateValue']}" for message in told(context)]

    assert becomes("ALARM") == ["INSUFFICIENT_DATA-ALARM"]
    assert becomes("ALARM") == []
    trip.change(Threshold=20)
    assert client.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"
    client.disable_alarm_actions(AlarmNames=["vendor-use"])
    assert becomes("OK") == []
    with pytest.raises(ClientError) as error:
        client.delete_alarms(AlarmNames=["absent"])
    assert refused(error) == "ResourceNotFound"
