"""Who notices a call: EventBridge rules and metric filters of the posture, as far as a topic that takes the news."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.controls.admittance import acting_for, admits, key_admits
from infra.controls.event_pattern import matches
from infra.controls.filter_pattern import counts
from infra.posture.aws.observability import log_group_arn
from infra.posture.identity import partition
from infra.unknown import Maybe, Unknown, all_of, any_of

if TYPE_CHECKING:
    from infra.posture.aws.alarms import Alarm, Rule
    from infra.posture.aws.logs import MetricFilter, Trail
    from infra.posture.model import Posture
    from infra.posture.values import Place

# Where IAM's events reach EventBridge: one region of a partition. EventBridge guide, read 2026-11-24.
_IAM_REGIONS = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
# A change that shows only hours later is not noticed.
SECONDS_AT_MOST = 3600
USE_KEY = ("kms:GenerateDataKey", "kms:Decrypt")
"""What a service does with the key of a topic or queue that it publishes or sends to."""
_PLACEHOLDER = re.compile(r"\{([^/{}]+)/([^{}]+)\}")


def as_made_up(name: str) -> str:
    """A name of a posture with what AWS makes up filled in as CloudFormation does: stack, logical id, suffix."""
    return _PLACEHOLDER.sub(r"\1-\2-AAAABBBBCCCC", name)


@dataclass(frozen=True, slots=True)
class Event:
    """One call as CloudTrail tells of it, by two kinds of caller: a session of a role, and the root user."""

    name: str
    place: Place
    records: tuple[dict[str, Any], ...]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def of(service: str, call: str, place: Place, **parameters: str) -> Event:
        """A call; a name that AWS makes up is filled in as CloudFormation makes it up: stack, logical id, suffix."""
        role = f"arn:{partition(place.region)}:iam::{place.account}:role/anyone"
        issuer = {"type": "Role", "arn": role}
        session = {"type": "AssumedRole", "arn": role, "sessionContext": {"sessionIssuer": issuer}}
        filled = {name: as_made_up(value) for name, value in parameters.items()}
        records = tuple(
            {
                "eventSource": f"{service}.amazonaws.com",
                "eventName": call,
                "eventType": "AwsApiCall",
                "eventCategory": "Management",
                "readOnly": False,
                "awsRegion": place.region,
                "recipientAccountId": place.account,
                "userIdentity": who,
                "requestParameters": filled,
            }
            for who in (session, {"type": "Root"})
        )
        of_what = next(iter(parameters.values()), "")
        return Event(f"{service}:{call}" + (f" on {of_what}" if of_what else ""), place, records)


Watch = Callable[[Event], Maybe[bool]]


def watches(posture: Posture) -> Iterator[Watch]:
    """All that watches and can tell: a function per rule and per metric filter."""
    for rule in posture.rules:
        told = _rule_tells(rule, posture)
        if told is not False:
            yield partial(_rule_sees, rule, told)
    for metric_filter in posture.metric_filters:
        trails = [trail for trail in posture.trails if _feeds(trail, metric_filter, posture)]
        told = any_of(_sounds(alarm, metric_filter, posture) for alarm in posture.alarms)
        if told is not False:
            yield from (partial(_filter_sees, trail, metric_filter, told) for trail in trails)


def delivers(topic_arn: Maybe[str], service: str, source_arn: str, posture: Posture) -> Maybe[bool]:
    """Whether a service's news about a resource gets through a topic's policy and key."""
    if isinstance(topic_arn, Unknown):
        return topic_arn
    topic = next((each for each in posture.topics if each.arn == topic_arn), None)
    if topic is None or topic.policy is None:
        return False
    context = acting_for(source_arn, topic.place.account)
    # EventBridge sends no source with its use of a key: a condition on one refuses it. SNS guide, "Key management".
    known = {} if service == "events.amazonaws.com" else context
    return all_of(
        [
            admits([topic.policy], service, ["sns:Publish"], topic.arn, context),
            key_admits(topic.kms_key_id, service, USE_KEY, known, posture),
        ]
    )


def _rule_tells(rule: Rule, posture: Posture) -> Maybe[bool]:
    on = rule.state if isinstance(rule.state, Unknown) else rule.state.startswith("ENABLED")
    bus = rule.event_bus if isinstance(rule.event_bus, Unknown) else rule.event_bus in ("default", "")
    told = any_of(delivers(target.arn, "events.amazonaws.com", rule.arn, posture) for target in rule.targets)
    return all_of([on, bus, rule.event_pattern is not None, told])


def _rule_sees(rule: Rule, told: Maybe[bool], event: Event) -> Maybe[bool]:
    source = event.records[0]["eventSource"].removesuffix(".amazonaws.com")
    region = _IAM_REGIONS.get(partition(event.place.region)) if source == "iam" else event.place.region
    if (rule.place.account, rule.place.region) != (event.place.account, region):
        return False
    envelopes = (
        {
            "source": f"aws.{source}",
            "detail-type": "AWS API Call via CloudTrail",
            "account": event.place.account,
            "region": region,
            "detail": record,
        }
        for record in event.records
    )
    return all_of([told, *(matches(rule.event_pattern, envelope) for envelope in envelopes)])


def _feeds(trail: Trail, metric_filter: MetricFilter, posture: Posture) -> bool:
    """Whether a trail that records management events writes into the filter's log group."""
    groups = [group for group in posture.log_groups if group.id == metric_filter.log_group_name]
    writes = any(log_group_arn(str(trail.log_group_arn)) == log_group_arn(group.arn) for group in groups)
    basic = any(
        each.management_events is True and each.read_write_type in ("All", "WriteOnly") and not each.excluded_sources
        for each in trail.event_selectors
    )
    advanced = any(
        [(field.field, field.operators) for field in selector] == [("eventCategory", (("Equals", ("Management",)),))]
        for selector in trail.advanced_event_selectors
    )
    return writes and trail.logging is True and (basic or advanced)


def _sounds(alarm: Alarm, metric_filter: MetricFilter, posture: Posture) -> Maybe[bool]:
    """Whether one count of the filter sets the alarm off, and that tells somebody."""
    counted = [
        (each.namespace, each.name) == (alarm.namespace, alarm.metric_name) and each.value == "1"
        for each in metric_filter.transformations
    ]
    threshold = alarm.threshold
    if isinstance(threshold, Unknown):
        return threshold
    at_one = threshold is not None and (
        (alarm.comparison_operator == "GreaterThanOrEqualToThreshold" and threshold <= 1)
        or (alarm.comparison_operator == "GreaterThanThreshold" and threshold < 1)
    )
    period = alarm.period_seconds
    at_once = alarm.statistic in ("Sum", "Maximum") and alarm.datapoints_to_alarm == 1 and not alarm.dimensions
    soon = period if isinstance(period, Unknown) else period is not None and period <= SECONDS_AT_MOST
    told = any_of(delivers(action, "cloudwatch.amazonaws.com", alarm.arn, posture) for action in alarm.alarm_actions)
    return all_of([any(counted), at_one, at_once, soon, alarm.actions_enabled, told])


def _filter_sees(trail: Trail, metric_filter: MetricFilter, told: Maybe[bool], event: Event) -> Maybe[bool]:
    everywhere = trail.multi_region is True and trail.global_service_events is True
    if trail.place.account != event.place.account or not (everywhere or trail.place.region == event.place.region):
        return False
    if isinstance(metric_filter.pattern, Unknown):
        return metric_filter.pattern
    return all_of([told, *(counts(metric_filter.pattern, record) for record in event.records)])
