"""AWS::CloudWatch::Alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context


class Alarm(Declared, name="AWS::CloudWatch::Alarm"):
    """An alarm on one metric or an expression over several; Ref is its name."""

    service = "cloudwatch"
    creates = Call("put_metric_alarm")
    identity = "{AlarmName}"
    generates = ("AlarmName", 255)
    reads = (Call("describe_alarms", {"AlarmNames": ["{id}"], "AlarmTypes": ["MetricAlarm"]}, "MetricAlarms[0]"),)
    updates = Call("put_metric_alarm", {"AlarmName": "{id}"})
    deletes = Call("delete_alarms", {"AlarmNames": ["{id}"]})
    tagging = Tagging(
        target={"ResourceARN": "{Arn}"}, lists=Call("list_tags_for_resource", {"ResourceARN": "{Arn}"}, "Tags")
    )

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**answer, "Arn": answer["AlarmArn"]}
