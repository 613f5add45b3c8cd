"""What fires by itself in the embedded AWS, as a table: what it is, what fires it, what it reaches; and how often.

A trigger is counted when it has reached its target, or where the row says so when it has not; what a service keeps from
being reached (a disabled rule, a topic's policy, a role's trust) is not counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Trigger:
    """One row.

    Attributes:
        name: what it is counted by.
        type: CloudFormation's name of the type that fires.
        cause: what fires it.
        reaches: what it reaches.
        source: where AWS says so, with the date it was read.
    """

    name: str
    type: str
    cause: str
    reaches: str
    source: str


_TARGETS = "its targets: state machines, topics, queues, buses, log groups"
_RULES = "EventBridge user guide"
_SCHEDULES = "EventBridge Scheduler user guide"
TRIGGERS = (
    Trigger(
        "rule-api-call",
        "AWS::Events::Rule",
        "an API call that changes something, where a trail logs",
        _TARGETS,
        f'{_RULES}, "AWS service events delivered via AWS CloudTrail", read 2026-11-24',
    ),
    Trigger(
        "rule-event",
        "AWS::Events::Rule",
        "an event of PutEvents or of a service",
        _TARGETS,
        f'{_RULES}, "Event bus targets", read 2026-11-24',
    ),
    Trigger(
        "rule-schedule",
        "AWS::Events::Rule",
        "the clock: rate and cron expressions",
        _TARGETS,
        f'{_RULES}, "Creating a rule that runs on a schedule", read 2026-11-24',
    ),
    Trigger(
        "rule-dead-letter",
        "AWS::Events::Rule",
        "a target that could not be reached",
        "the target's dead-letter queue",
        f'{_RULES}, "Using dead-letter queues", read 2026-11-24',
    ),
    Trigger(
        "schedule",
        "AWS::Scheduler::Schedule",
        "the clock: rate, cron and at expressions",
        "its target: state machines, topics, queues, buses, any API call that changes something",
        f'{_SCHEDULES}, "Schedule types", read 2026-11-24',
    ),
    Trigger(
        "schedule-dead-letter",
        "AWS::Scheduler::Schedule",
        "a target that could not be reached",
        "the target's dead-letter queue",
        f'{_SCHEDULES}, "Configuring a dead-letter queue", read 2026-11-24',
    ),
    Trigger(
        "alarm",
        "AWS::CloudWatch::Alarm",
        "a metric over its periods, evaluated every minute by the clock",
        "the actions of the state: topics, if their policy and key let CloudWatch in; a CloudWatch event on the bus",
        'CloudWatch user guide, "Alarm evaluation", read 2026-11-24',
    ),
    Trigger(
        "alarm-set",
        "AWS::CloudWatch::Alarm",
        "SetAlarmState",
        "the actions of the state: topics, if their policy and key let CloudWatch in",
        "CloudWatch API reference, SetAlarmState, read 2026-11-24",
    ),
    Trigger(
        "trail",
        "AWS::CloudTrail::Trail",
        "an API call that changes something, refused ones too",
        "its log group, if its role may write there; the event history of LookupEvents gets every call",
        'CloudTrail user guide, "Sending events to CloudWatch Logs", read 2026-11-24',
    ),
    Trigger(
        "metric-filter",
        "AWS::Logs::MetricFilter",
        "a log event that its pattern matches",
        "its metric",
        'CloudWatch Logs user guide, "Filter pattern syntax for metric filters", read 2026-11-24',
    ),
    Trigger(
        "subscription",
        "AWS::SNS::Subscription",
        "a message published to its topic",
        "queues",
        'SNS developer guide, "Fanout to Amazon SQS queues", read 2026-11-24',
    ),
)
fired: Counter[str] = Counter()
"""How often each trigger fired since the server started, by its name."""
_NAMES = frozenset(trigger.name for trigger in TRIGGERS)


def count(name: str) -> None:
    """Count one; KeyError for what is no row of the table."""
    if name not in _NAMES:
        raise KeyError(name)
    fired[name] += 1
