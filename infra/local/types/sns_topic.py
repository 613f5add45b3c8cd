"""AWS::SNS::Topic."""

from __future__ import annotations

import json
from typing import Any

from infra.local import tags
from infra.local.absent import if_there, undone
from infra.local.attachments import Attachment, is_anothers
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import as_json

GONE = ("NotFound", "NotFoundException")
ATTRIBUTES = {
    "ArchivePolicy": "",
    "ContentBasedDeduplication": "false",
    "DisplayName": "",
    "FifoThroughputScope": "Topic",
    "KmsMasterKeyId": "",
    "SignatureVersion": "1",
    "TracingConfig": "PassThrough",
}
"""Properties that are attributes of the topic, with what they go back to when they leave the template.

Source: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html, read 2026-11-24.
"""
FEEDBACK = {"application": "Application", "firehose": "Firehose", "http/s": "HTTP", "lambda": "Lambda", "sqs": "SQS"}
"""What DeliveryStatusLogging's protocols are called in the names of attributes."""
ELSEWHERE = {"DataProtectionPolicy", "DeliveryStatusLogging", "FifoTopic", "Subscription", "Tags", "TopicName"}


class Topic(ResourceType, name="AWS::SNS::Topic"):
    """A topic: its attributes, the subscriptions listed in it, its data protection policy."""

    def create(self, properties: Properties, context: Context) -> str:
        sns = context.client("sns")
        fifo = properties.get("FifoTopic") in (True, "true")
        suffix = ".fifo" if fifo else ""
        name = properties.get("TopicName") or context.generated_name(256 - len(suffix)) + suffix
        first = {"FifoTopic": "true"} if fifo else {}
        labels = tags.as_list(tags.wanted(properties, context.tags))
        made = sns.create_topic(Name=name, Attributes={**first, **_attributes(properties)}, Tags=labels)
        arn = str(made["TopicArn"])
        with undone(lambda: sns.delete_topic(TopicArn=arn)):
            self._complete(sns, arn, {}, properties)
        return arn

    def read(self, physical_id: str, context: Context) -> Properties | None:
        sns = context.client("sns")
        found = if_there(sns.get_topic_attributes, *GONE, TopicArn=physical_id)
        if found is None:
            return None
        has: dict[str, str] = found["Attributes"]
        read: Properties = {name: _typed(has[name]) for name in (*ATTRIBUTES, "FifoTopic") if has.get(name)}
        read |= {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[1]}
        subscribed = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=physical_id)
        protection = sns.get_data_protection_policy(ResourceArn=physical_id).get("DataProtectionPolicy")
        parts: Properties = {
            "DataProtectionPolicy": as_json(protection) if protection else None,
            "DeliveryStatusLogging": _feedback(has),
            "Subscription": [
                {"Endpoint": one["Endpoint"], "Protocol": one["Protocol"]}
                for one in subscribed.search("Subscriptions")
                if one and not is_anothers(context, physical_id, _subscription(physical_id, one["SubscriptionArn"]))
            ],
            "Tags": tags.as_list(tags.as_map(sns.list_tags_for_resource(ResourceArn=physical_id)["Tags"])),
        }
        return {**read, **{name: value for name, value in parts.items() if value}}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        sns = context.client("sns")
        was, now = _attributes(old), _attributes(new)
        left = {name: ATTRIBUTES.get(name, "") for name in was if name not in now}
        for name, value in {**left, **now}.items():
            if was.get(name) != value:
                sns.set_topic_attributes(TopicArn=physical_id, AttributeName=name, AttributeValue=value)
        self._complete(sns, physical_id, old, new)
        has = tags.as_map(sns.list_tags_for_resource(ResourceArn=physical_id)["Tags"])
        tags.settle(
            has,
            tags.wanted(new, context.tags),
            put=lambda put: sns.tag_resource(ResourceArn=physical_id, Tags=tags.as_list(put)),
            drop=lambda keys: sns.untag_resource(ResourceArn=physical_id, TagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("sns").delete_topic(TopicArn=physical_id)

    @staticmethod
    def _complete(sns: Any, arn: str, old: Properties, new: Properties) -> None:
        """Subscribe who is listed, unsubscribe who no longer is, put the data protection policy."""
        for one in new.get("Subscription", []):
            sns.subscribe(TopicArn=arn, Protocol=one["Protocol"], Endpoint=one["Endpoint"])
        dropped = [one for one in old.get("Subscription", []) if one not in new.get("Subscription", [])]
        if dropped:
            for page in sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn):
                for one in page["Subscriptions"]:
                    if {"Endpoint": one["Endpoint"], "Protocol": one["Protocol"]} in dropped:
                        sns.unsubscribe(SubscriptionArn=one["SubscriptionArn"])
        policy = new.get("DataProtectionPolicy")
        if policy != old.get("DataProtectionPolicy"):
            text = policy if isinstance(policy, str) else json.dumps(policy or {})
            sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=text)


def _attributes(properties: Properties) -> dict[str, str]:
    """The attributes that the properties are, each as the text that the API takes."""
    unknown = set(properties) - ATTRIBUTES.keys() - ELSEWHERE
    if unknown:
        raise Unsupported(f"property {min(unknown)} of AWS::SNS::Topic")
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in properties.items()
        if name in ATTRIBUTES
    }
    for logging in properties.get("DeliveryStatusLogging", []):
        prefix = FEEDBACK[logging["Protocol"]]
        texts |= {f"{prefix}{name}": str(value) for name, value in logging.items() if name != "Protocol"}
    return texts


def _feedback(attributes: dict[str, str]) -> list[Properties]:
    members = ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")
    found = [
        {"Protocol": protocol, **{name: attributes[prefix + name] for name in members if attributes.get(prefix + name)}}
        for protocol, prefix in FEEDBACK.items()
    ]
    return [one for one in found if len(one) > 1]


def _typed(text: str) -> Any:
    return json.loads(text) if text[:1] == "{" or text in ("true", "false") else text


def _subscription(topic: str, subscription: str) -> Attachment:
    return Attachment("Topic", topic, subscription)
