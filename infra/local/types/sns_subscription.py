"""AWS::SNS::Subscription."""

from __future__ import annotations

import json

from infra.local.absent import absent_is_done, if_there
from infra.local.attachments import Attachment, record
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import as_json

GONE = ("NotFound", "NotFoundException")
ATTRIBUTES = (
    "FilterPolicyScope",
    "FilterPolicy",
    "DeliveryPolicy",
    "RawMessageDelivery",
    "RedrivePolicy",
    "SubscriptionRoleArn",
)
"""The scope comes first, for the filter is judged by it."""


class Subscription(ResourceType, name="AWS::SNS::Subscription"):
    """A subscription of its own, apart from those listed in a topic."""

    def create(self, properties: Properties, context: Context) -> str:
        sns = context.client("sns")
        topic = properties["TopicArn"]
        if properties.get("Region", context.region) != context.region or "ReplayPolicy" in properties:
            raise Unsupported("property Region or ReplayPolicy of AWS::SNS::Subscription")
        made = sns.subscribe(
            TopicArn=topic,
            Protocol=properties["Protocol"],
            Endpoint=properties.get("Endpoint", ""),
            Attributes={name: _text(properties[name]) for name in ATTRIBUTES if name in properties},
            ReturnSubscriptionArn=True,
        )
        arn = str(made["SubscriptionArn"])
        record(context, arn, [Attachment("Topic", topic, arn)])
        return arn

    def read(self, physical_id: str, context: Context) -> Properties | None:
        found = if_there(context.client("sns").get_subscription_attributes, *GONE, SubscriptionArn=physical_id)
        if found is None:
            return None
        has = found["Attributes"]
        read: Properties = {
            name: has[name] for name in ("Endpoint", "Protocol", "TopicArn", "SubscriptionRoleArn") if name in has
        }
        read |= {
            name: as_json(has[name]) for name in ("DeliveryPolicy", "FilterPolicy", "RedrivePolicy") if has.get(name)
        }
        if has.get("FilterPolicy"):
            read["FilterPolicyScope"] = has.get("FilterPolicyScope", "MessageAttributes")
        return {**read, "Arn": physical_id, "RawMessageDelivery": has.get("RawMessageDelivery") == "true"}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        defaults = {"FilterPolicyScope": "MessageAttributes", "RawMessageDelivery": "false"}
        for name in ATTRIBUTES:
            if old.get(name) != new.get(name):
                value = _text(new[name]) if name in new else defaults.get(name, "")
                context.client("sns").set_subscription_attributes(
                    SubscriptionArn=physical_id, AttributeName=name, AttributeValue=value
                )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done(*GONE):
            context.client("sns").unsubscribe(SubscriptionArn=physical_id)
        record(context, physical_id, [])


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
