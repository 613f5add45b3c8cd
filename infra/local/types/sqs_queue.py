"""AWS::SQS::Queue."""

from __future__ import annotations

from typing import Any

from infra.local import tags
from infra.local.absent import absent_is_done, if_there
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import schema

GONE = "AWS.SimpleQueueService.NonExistentQueue"
DEFAULTS = {
    "ContentBasedDeduplication": "false",
    "DeduplicationScope": "queue",
    "FifoThroughputLimit": "perQueue",
    "DelaySeconds": "0",
    "KmsDataKeyReusePeriodSeconds": "300",
    "KmsMasterKeyId": "",
    "MaximumMessageSize": "1048576",
    "MessageRetentionPeriod": "345600",
    "ReceiveMessageWaitTimeSeconds": "0",
    "RedriveAllowPolicy": "",
    "RedrivePolicy": "",
    "SqsManagedSseEnabled": "true",
    "VisibilityTimeout": "30",
}
"""What a property that leaves the template goes back to.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html,
read 2026-11-24.
"""


class Queue(ResourceType, name="AWS::SQS::Queue"):
    """A queue: all but its name and tags are attributes, each a text."""

    def create(self, properties: Properties, context: Context) -> str:
        fifo = ".fifo" if properties.get("FifoQueue") in (True, "true") else ""
        name = properties.get("QueueName") or context.generated_name(80 - len(fifo)) + fifo
        made = context.client("sqs").create_queue(
            QueueName=name, Attributes=attributes(properties), tags=tags.wanted(properties, context.tags)
        )
        return str(made["QueueUrl"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        sqs = context.client("sqs")
        found = if_there(sqs.get_queue_attributes, GONE, QueueUrl=physical_id, AttributeNames=["All"])
        if found is None:
            return None
        known = sqs.list_queue_tags(QueueUrl=physical_id).get("Tags", {})
        of_type = schema(self.type_name, context.region)["properties"]
        return {
            **{
                key: typed(of_type[key]["type"], value)
                for key, value in found["Attributes"].items()
                if key in of_type and value
            },
            "QueueName": physical_id.rsplit("/", 1)[1],
            "QueueUrl": physical_id,
            "Arn": found["Attributes"]["QueueArn"],
            **({"Tags": tags.as_list(known)} if known else {}),
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        sqs = context.client("sqs")
        was, now = attributes(old), attributes(new)
        left = {key: DEFAULTS[key] for key in was if key not in now and key in DEFAULTS}
        if "KmsMasterKeyId" in now:
            left.pop("SqsManagedSseEnabled", None)
        sqs.set_queue_attributes(QueueUrl=physical_id, Attributes={**left, **now})
        tags.settle(
            sqs.list_queue_tags(QueueUrl=physical_id).get("Tags", {}),
            tags.wanted(new, context.tags),
            put=lambda put: sqs.tag_queue(QueueUrl=physical_id, Tags=put),
            drop=lambda keys: sqs.untag_queue(QueueUrl=physical_id, TagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done(GONE):
            context.client("sqs").delete_queue(QueueUrl=physical_id)


def attributes(properties: Properties) -> dict[str, str]:
    """The queue's attributes, each as the text that the API takes."""
    import json

    texts: dict[str, str] = {}
    for key, value in properties.items():
        if key in ("QueueName", "Tags"):
            continue
        if key not in ATTRIBUTES:
            raise Unsupported(f"property {key}")
        texts[key] = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    return texts


ATTRIBUTES = {*DEFAULTS, "FifoQueue"}


def typed(kind: str | list[str], text: str) -> Any:
    """An attribute's text as the type that the schema gives the property."""
    import json

    return text if kind == "string" else json.loads(text)
