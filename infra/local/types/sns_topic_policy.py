"""AWS::SNS::TopicPolicy."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.local.attached_policy import AttachedPolicy

if TYPE_CHECKING:
    from infra.local.resource_type import Context

ACTIONS = (
    "GetTopicAttributes",
    "SetTopicAttributes",
    "AddPermission",
    "RemovePermission",
    "DeleteTopic",
    "Subscribe",
    "ListSubscriptionsByTopic",
    "Publish",
)


class TopicPolicy(AttachedPolicy, name="AWS::SNS::TopicPolicy"):
    """The policy of one or more topics; a topic that loses it has the one it was made with."""

    holders = "Topics"
    gone = ("NotFound", "NotFoundException")

    def get(self, holder: str, context: Context) -> str | None:
        attributes: dict[str, str] = context.client("sns").get_topic_attributes(TopicArn=holder)["Attributes"]
        return attributes.get("Policy")

    def put(self, holder: str, policy: str, context: Context) -> None:
        text = policy or json.dumps(default_policy(holder, context.account))
        context.client("sns").set_topic_attributes(TopicArn=holder, AttributeName="Policy", AttributeValue=text)


def default_policy(topic: str, account: str) -> dict[str, object]:
    """What SNS gives a new topic: its account, and nobody else.

    Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html, read 2026-11-24.
    """
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in ACTIONS],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
