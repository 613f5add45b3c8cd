"""The server's own switches, over its port."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from infra.local import faults, rule, server, triggers

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from infra.local.server import Server


def ask(running: Server, name: str, **asked: Any) -> dict[str, Any]:
    request = urllib.request.Request(f"{running.url}/sallyport/{name}", data=json.dumps(asked).encode())
    with urllib.request.urlopen(request, timeout=30) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def refused(running: Server, name: str, **asked: Any) -> tuple[int, str]:
    with pytest.raises(urllib.error.HTTPError) as error:
        ask(running, name, **asked)
    with error.value as answer:
        return answer.code, answer.read().decode()


def test_what_fired_is_counted_by_name(running: Server) -> None:
    before = ask(running, "counts")["fired"].get("subscription", 0)
    sns, sqs = running.client("sns"), running.client("sqs")
    topic = sns.create_topic(Name="told")["TopicArn"]
    queue = sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = topic.replace(":sns:", ":sqs:")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="before the queue lets the topic in")
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert ask(running, "counts")["fired"].get("subscription", 0) == before
    statement = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:*", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    sns.publish(TopicArn=topic, Message="after")
    assert "after" in sqs.receive_message(QueueUrl=queue)["Messages"][0]["Body"]
    assert ask(running, "counts")["fired"]["subscription"] == before + 1


def test_no_such_switch_is_said(running: Server) -> None:
    code, told = refused(running, "nothing")
    assert code == 404
    assert "counts" in told


def test_the_clock_is_moved_and_refuses_what_is_no_time(running: Server) -> None:
    before = datetime.fromisoformat(ask(running, "clock")["now"])
    after = datetime.fromisoformat(ask(running, "clock", advance_seconds=900)["now"])
    assert timedelta(seconds=900) <= after - before < timedelta(seconds=930)
    assert ask(running, "clock", speed=60)["speed"] == 60
    for wrong in ({"advance_seconds": -1}, {"advance_seconds": "soon"}, {"speed": 0.5}, {"back": 1}):
        assert refused(running, "clock", **wrong)[0] == 400
    ask(running, "clock", speed=1)


@pytest.mark.parametrize("begin", [server.start, server.in_process])
def test_what_was_counted_and_ordered_ends_with_it(begin: Callable[[], AbstractContextManager[object]]) -> None:
    counted = triggers.fired, rule.exercised, rule.tripped
    for count in counted:
        count["before"] += 1
    with begin():
        assert not any(counted)
        for count in counted:
            count["meanwhile"] += 1
        faults.order("create one/A")
    assert not any(counted)
    assert faults.ordered() == []
