"""An alarm on one metric that always acts: it tells the alarm topic when it goes off and when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from infra.constructs.alarm_topic import AlarmTopic


class Alarm(Resource):
    """Goes off when the sum of a metric reaches `at_least`, or stays below `below`, in one period."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        topic: AlarmTopic,
        description: str,
        metric: tuple[str, str],
        dimensions: Mapping[str, str] | None = None,
        at_least: float | None = None,
        below: float | None = None,
        period_seconds: int = 300,
        statistic: Literal["Sum", "Maximum", "Average"] = "Sum",
    ) -> None:
        if (at_least is None) == (below is None):
            raise ValueError(f"alarm {id} has {at_least=} and {below=}; give exactly one")
        namespace, name = metric
        watches_silence = below is not None
        super().__init__(
            scope,
            id,
            "AWS::CloudWatch::Alarm",
            {
                "AlarmDescription": description,
                "Namespace": namespace,
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in sorted((dimensions or {}).items())]
                or None,
                "Statistic": statistic,
                "Period": period_seconds,
                "EvaluationPeriods": 1,
                "DatapointsToAlarm": 1,
                "ComparisonOperator": "LessThanThreshold" if watches_silence else "GreaterThanOrEqualToThreshold",
                "Threshold": below if watches_silence else at_least,
                "TreatMissingData": "breaching" if watches_silence else "notBreaching",
                "ActionsEnabled": True,
                "AlarmActions": [topic.arn],
                "OKActions": [topic.arn],
            },
        )
