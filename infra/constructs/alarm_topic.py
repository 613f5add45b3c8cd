"""The topic every alarm of the enclave goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct

    from infra.settings import Enclave


class AlarmTopic(sns.Topic):
    """An encrypted topic that this account's alarms and rules may publish to.

    EventBridge publishes without a condition: that it sends `aws:SourceArn` to a topic is stated nowhere, and a
    condition it does not meet would lose every event without an error.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html, read 2026-11-24.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, key: kms.IKey) -> None:
        super().__init__(scope, id, master_key=key, enforce_ssl=True, display_name=f"Sallyport {settings.name} alarms")
        account = settings.accounts.enclave
        alarms = f"arn:{settings.partition}:cloudwatch:{settings.region}:{account}:alarm:*"
        self._publishes(
            "Alarms",
            "cloudwatch.amazonaws.com",
            {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": alarms}},
        )
        self._publishes("Rules", "events.amazonaws.com", {})

    def _publishes(self, sid: str, service: str, conditions: dict[str, dict[str, str]]) -> None:
        self.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                principals=[iam.ServicePrincipal(service)],
                actions=["sns:Publish"],
                resources=[self.topic_arn],
                conditions=conditions,
            )
        )
