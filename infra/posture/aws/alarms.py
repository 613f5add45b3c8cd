"""What notices and tells: EventBridge rules, CloudWatch alarms, SNS topics, SQS queues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.policy.document import Document
from infra.posture.values import Maybe, Properties, Resource, Unknown, frozen, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Resources


@dataclass(frozen=True, slots=True)
class RuleTarget:
    """Where a rule sends the events it matches."""

    arn: Maybe[str]
    role_arn: Maybe[str]
    input: Any
    """What is sent in the event's place: a constant text, a path or a transformer as JSON; None is the event itself."""
    dead_letters: Maybe[str]
    """ARN of the queue for what could not be sent; empty if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Resource):
    """One EventBridge rule; its id is its name."""

    arn: str
    event_bus: Maybe[str]
    event_pattern: Any
    """The pattern as JSON, lists sorted; None if the rule has none."""
    schedule_expression: Maybe[str]
    state: Maybe[str]
    targets: tuple[RuleTarget, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Resource):
    """One CloudWatch alarm; its id is its name."""

    arn: str
    namespace: Maybe[str]
    metric_name: Maybe[str]
    dimensions: tuple[tuple[Maybe[str], Maybe[str]], ...]
    statistic: Maybe[str]
    metrics: Any
    """Metric math, as JSON; None for an alarm on one metric."""
    period_seconds: Maybe[int] | None
    evaluation_periods: Maybe[int] | None
    datapoints_to_alarm: Maybe[int] | None
    threshold: Maybe[float] | None
    comparison_operator: Maybe[str]
    treat_missing_data: Maybe[str]
    actions_enabled: Maybe[bool]
    alarm_actions: tuple[Maybe[str], ...]
    ok_actions: tuple[Maybe[str], ...]
    insufficient_data_actions: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic(Resource):
    """One SNS topic; its id is its name. Without a policy, only its owner may publish."""

    arn: str
    kms_key_id: Maybe[str]
    policy: Maybe[Document] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Resource):
    """One SQS queue; its id is its name. Without a policy, only its owner may send."""

    arn: str
    kms_key_id: Maybe[str]
    policy: Maybe[Document] | None


# The Sid of the policy that AWS gives a topic without one; what it allows is the owner's own account.
_DEFAULT_SID = "__default_statement_ID"


def rules(resources: Resources) -> Iterator[Rule]:
    """All EventBridge rules."""
    for rule in resources.of("AWS::Events::Rule"):
        given = rule.properties
        yield Rule(
            **rule.common,
            arn=rule.arn,
            event_bus=given.text("EventBusName", "default"),
            event_pattern=_unordered(parsed(given.raw("EventPattern"))),
            schedule_expression=given.text("ScheduleExpression"),
            state=given.text("State", "ENABLED"),
            targets=tuple(sorted((_target(each) for each in given.blocks("Targets")), key=str)),
        )


def alarms(resources: Resources) -> Iterator[Alarm]:
    """All alarms."""
    for alarm in resources.of("AWS::CloudWatch::Alarm"):
        given = alarm.properties
        dimensions = [(each.text("Name"), each.text("Value")) for each in given.blocks("Dimensions")]
        periods = given.whole("EvaluationPeriods")
        datapoints = given.whole("DatapointsToAlarm")
        yield Alarm(
            **alarm.common,
            arn=alarm.arn,
            namespace=given.text("Namespace"),
            metric_name=given.text("MetricName"),
            dimensions=tuple(sorted(dimensions, key=str)),
            statistic=given.text("Statistic") or given.text("ExtendedStatistic"),
            metrics=frozen(given.raw("Metrics")),
            period_seconds=given.whole("Period"),
            evaluation_periods=periods,
            datapoints_to_alarm=periods if datapoints is None else datapoints,
            threshold=given.number("Threshold"),
            comparison_operator=given.text("ComparisonOperator"),
            treat_missing_data=given.text("TreatMissingData", "missing"),
            actions_enabled=given.flag("ActionsEnabled", default=True),
            alarm_actions=given.texts("AlarmActions"),
            ok_actions=given.texts("OKActions"),
            insufficient_data_actions=given.texts("InsufficientDataActions"),
        )


def queues(resources: Resources) -> Iterator[Queue]:
    """All queues, each with its policy; a queue policy names the queue by its URL."""
    declared = resources.of("AWS::SQS::Queue")
    policies = [
        (url, each) for each in resources.of("AWS::SQS::QueuePolicy") for url in each.properties.texts("Queues")
    ]
    for url, each in policies:
        if isinstance(url, Unknown):
            resources.undecide(each, f"which queue it belongs to: {url.why}")
    for queue in declared:
        documents = [
            each.properties.document("PolicyDocument")
            for url, each in policies
            if isinstance(url, str) and url.endswith(f"/{queue.id}") and each.place == queue.place
        ]
        several = Unknown(f"{len(documents)} resources write the queue's policy")
        yield Queue(
            **queue.common,
            arn=queue.arn,
            kms_key_id=resources.key(queue.properties.text("KmsMasterKeyId"), queue.place),
            policy=several if len(documents) > 1 else documents[0] if documents else None,
        )


def topics(resources: Resources) -> Iterator[Topic]:
    """All topics, each with its policy."""
    declared = resources.of("AWS::SNS::Topic")
    policies = resources.attached("AWS::SNS::TopicPolicy", "Topics", declared)
    for topic in declared:
        documents = [each.properties.document("PolicyDocument") for each in policies[topic.id]]
        policy = documents[0] if documents else None
        if len(documents) > 1:
            policy = Unknown(f"{len(documents)} resources write the topic's policy")
        yield Topic(
            **topic.common,
            arn=topic.arn,
            kms_key_id=resources.key(topic.properties.text("KmsMasterKeyId"), topic.place),
            policy=None if _is_default(policy) else policy,
        )


def _is_default(policy: Maybe[Document] | None) -> bool:
    return isinstance(policy, Document) and [each.sid for each in policy.statements] == [_DEFAULT_SID]


def _target(given: Properties) -> RuleTarget:
    inputs = {name: given.raw(name) for name in ("Input", "InputPath", "InputTransformer") if name in given}
    dead_letters = given.block("DeadLetterConfig").text("Arn")
    return RuleTarget(given.text("Arn"), given.text("RoleArn"), frozen(inputs) or None, dead_letters)


def _unordered(pattern: Any) -> Any:
    """The lists of an event pattern are alternatives: their order means nothing."""
    match pattern:
        case dict():
            return frozen({key: _unordered(each) for key, each in pattern.items()})
        case list():
            return tuple(sorted((_unordered(each) for each in pattern), key=str))
        case _:
            return pattern
