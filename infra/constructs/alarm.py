"""An alarm on one metric that always acts: it tells the alarm topic when it goes off and when it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aws_cdk import aws_cloudwatch as cloudwatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from infra.constructs.alarm_topic import AlarmTopic


class Alarm(cloudwatch.CfnAlarm):
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
            alarm_description=description,
            namespace=namespace,
            metric_name=name,
            dimensions=[
                cloudwatch.CfnAlarm.DimensionProperty(name=key, value=value)
                for key, value in sorted((dimensions or {}).items())
            ]
            or None,
            statistic=statistic,
            period=period_seconds,
            evaluation_periods=1,
            datapoints_to_alarm=1,
            comparison_operator="LessThanThreshold" if watches_silence else "GreaterThanOrEqualToThreshold",
            threshold=below if watches_silence else at_least,
            # No data is good news for a count of failures, and the very thing to report where silence is the failure.
            treat_missing_data="breaching" if watches_silence else "notBreaching",
            actions_enabled=True,
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
        )
