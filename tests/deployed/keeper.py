"""What starts the settings keeper as deployed, and ways to break that, each with what is left when it is broken.

Nothing here starts it: logging is deleted, time passes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from infra.local.clock import CLOCK

if TYPE_CHECKING:
    from tests.deployed.conftest import World

Break = Callable[["World"], None]
QUARTER = timedelta(minutes=16)


def rule(world: World) -> str:
    return world.physical_id("inference", "BaselineTriggersRule", "AWS::Events::Rule")


def disable_the_rule(world: World) -> None:
    world.client("events").disable_rule(Name=rule(world))


def change_the_pattern(world: World) -> None:
    events, name = world.client("events"), rule(world)
    pattern = json.loads(events.describe_rule(Name=name)["EventPattern"])
    pattern["detail"]["eventName"].remove("DeleteModelInvocationLoggingConfiguration")
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))


def break_trust(world: World, role: str) -> None:
    nobody = {"Effect": "Deny", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [nobody]})
    world.client("iam").update_assume_role_policy(RoleName=role, PolicyDocument=document)


def break_the_rules_role(world: World) -> None:
    break_trust(world, world.physical_id("inference", "BaselineTriggersRuleRole", "AWS::IAM::Role"))


def stop_the_trail(world: World) -> None:
    (trail,) = world.of_type("AWS::CloudTrail::Trail")
    world.client("cloudtrail").stop_logging(Name=trail)


def disable_both(world: World) -> None:
    disable_the_rule(world)
    scheduler = world.client("scheduler")
    (told,) = [each for each in scheduler.list_schedules()["Schedules"] if each["GroupName"] != "default"]
    whole = scheduler.get_schedule(Name=told["Name"], GroupName=told["GroupName"])
    kept = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    scheduler.update_schedule(**{name: whole[name] for name in kept}, State="DISABLED")


def break_the_schedules_role(world: World) -> None:
    disable_the_rule(world)
    break_trust(world, world.physical_id("inference", "BaselineTriggersScheduleRole", "AWS::IAM::Role"))


def break_the_keepers_role(world: World) -> None:
    break_trust(world, f"{world.settings.name}-settings-keeper")


# What is broken; after how long logging is back, if at all; the alarms of the keeper's watch that go off.
BREAKS: tuple[tuple[Break, timedelta | None, set[str]], ...] = (
    (disable_the_rule, QUARTER, set()),
    (change_the_pattern, QUARTER, set()),
    (stop_the_trail, QUARTER, set()),
    (break_the_rules_role, QUARTER, {"RuleFailed"}),
    (disable_both, None, {"NotRunning"}),
    (break_the_schedules_role, None, {"NotRunning", "ScheduleDropped"}),
    (break_the_keepers_role, None, {"ExecutionsFailed", "NotRunning"}),
)


def logging(world: World) -> Any:
    return world.client("bedrock").get_model_invocation_logging_configuration().get("loggingConfig")


def delete_logging(world: World) -> None:
    """Somebody turns logging off; back here when whatever that started is over."""
    world.client("bedrock").delete_model_invocation_logging_configuration()
    CLOCK.advance(timedelta(0))


def listening(world: World) -> str:
    """The URL of a queue that is subscribed to the alarm topic."""
    sqs, (topic,) = world.client("sqs"), world.of_type("AWS::SNS::Topic")
    url: str = sqs.create_queue(QueueName="on-call")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage"}
    only = {"Resource": arn, "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**allowed, **only}]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    world.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def heard(world: World, queue: str) -> list[str]:
    """The messages that have arrived, as text."""
    sqs, messages = world.client("sqs"), []
    while found := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        messages += [str(json.loads(each["Body"])["Message"]) for each in found]
    return messages


def gone_off(messages: list[str]) -> set[str]:
    """Every alarm of the keeper's watch that told that it went off, by its id there."""
    told = [json.loads(message) for message in messages if message.startswith("{")]
    names = [each["AlarmName"].partition("KeeperWatch")[2] for each in told if each.get("NewStateValue") == "ALARM"]
    return {name.split("-")[0][:-8] for name in names if name}
