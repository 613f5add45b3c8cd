"""SQS: the enclave's queues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader
from infra.live.names import own_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

QUEUE = "AWS::SQS::Queue"


@reader
def queues(account: Account, names: Names) -> Iterator[Found]:
    """Queues that the enclave's stacks made, and their policies."""
    own = set(names.ids(QUEUE, account.place))
    if not own:
        return
    for url in account.all("sqs", "list_queues", "QueueUrls"):
        name = own_id(QUEUE, url)
        if name in own:
            wanted = ["KmsMasterKeyId", "Policy"]
            told = account.call("sqs", "get_queue_attributes", QueueUrl=url, AttributeNames=wanted)
            attributes = told.get("Attributes", {})
            yield Found(QUEUE, name, {"KmsMasterKeyId": attributes.get("KmsMasterKeyId", "")})
            if policy := attributes.get("Policy"):
                yield Found("AWS::SQS::QueuePolicy", url, {"Queues": [url], "PolicyDocument": policy})
