"""AWS::SQS::QueuePolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.attached_policy import AttachedPolicy

if TYPE_CHECKING:
    from infra.local.resource_type import Context


class QueuePolicy(AttachedPolicy, name="AWS::SQS::QueuePolicy"):
    """The policy of one or more queues."""

    holders = "Queues"
    gone = ("AWS.SimpleQueueService.NonExistentQueue",)

    def get(self, holder: str, context: Context) -> str | None:
        answer = context.client("sqs").get_queue_attributes(QueueUrl=holder, AttributeNames=["Policy"])
        attributes: dict[str, str] = answer.get("Attributes", {})
        return attributes.get("Policy") or None

    def put(self, holder: str, policy: str, context: Context) -> None:
        context.client("sqs").set_queue_attributes(QueueUrl=holder, Attributes={"Policy": policy})
