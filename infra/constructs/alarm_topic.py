"""The topic every alarm of the enclave goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names
from infra.constructs.resource import Resource
from infra.constructs.statement import ANY_CALLER, allow, by_service, deny, document

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.customer_key import CustomerKey
    from infra.settings import Enclave

PUBLISH = ("sns:Publish",)


class AlarmTopic(Resource):
    """An encrypted topic that this account's alarms and rules may publish to.

    EventBridge publishes without a condition: that it sends `aws:SourceArn` to a topic is stated nowhere, and a
    condition it does not meet would lose every event without an error.
    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html, read 2026-11-24.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, key: CustomerKey) -> None:
        super().__init__(
            scope,
            id,
            "AWS::SNS::Topic",
            {"DisplayName": f"Sallyport {settings.name} alarms", "KmsMasterKeyId": key.arn},
        )
        self.arn = self.physical_id
        here = [self.arn]
        alarms = {
            "StringEquals": {"aws:SourceAccount": settings.accounts.enclave},
            "ArnLike": {"aws:SourceArn": names.arn(settings, "cloudwatch", "alarm:*")},
        }
        Resource(
            self,
            "Policy",
            "AWS::SNS::TopicPolicy",
            {
                "Topics": here,
                "PolicyDocument": document(
                    [
                        deny(
                            "OnlyTls",
                            PUBLISH,
                            here,
                            principal=ANY_CALLER,
                            conditions={"Bool": {"aws:SecureTransport": "false"}},
                        ),
                        allow(
                            "Alarms", PUBLISH, here, principal=by_service("cloudwatch.amazonaws.com"), conditions=alarms
                        ),
                        allow("Rules", PUBLISH, here, principal=by_service("events.amazonaws.com")),
                    ]
                ),
            },
        )
