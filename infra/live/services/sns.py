"""SNS: the enclave's topics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader
from infra.live.names import own_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

TOPIC = "AWS::SNS::Topic"


@reader
def topics(account: Account, names: Names) -> Iterator[Found]:
    """Topics that the enclave's stacks made, and their policies."""
    own = set(names.ids(TOPIC, account.place))
    for listed in account.all("sns", "list_topics", "Topics"):
        arn = listed["TopicArn"]
        name = own_id(TOPIC, arn)
        if name in own:
            attributes = account.call("sns", "get_topic_attributes", TopicArn=arn)["Attributes"]
            yield Found(TOPIC, name, {"KmsMasterKeyId": attributes.get("KmsMasterKeyId", "")})
            if policy := attributes.get("Policy"):
                yield Found("AWS::SNS::TopicPolicy", arn, {"Topics": [arn], "PolicyDocument": policy})
