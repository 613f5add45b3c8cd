"""CloudWatch log groups with their metric filters and resource policies, and CloudTrail trails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.resources import Resources


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGroup(Resource):
    """One log group; its id is its name. Without a retention, events never expire."""

    arn: str
    kms_key_id: Maybe[str]
    retention_days: Maybe[int] | None
    log_group_class: Maybe[str]
    retained: Maybe[bool]


@dataclass(frozen=True, slots=True)
class MetricTransformation:
    """What a metric filter counts, and where."""

    namespace: Maybe[str]
    name: Maybe[str]
    value: Maybe[str]
    default_value: Maybe[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricFilter(Resource):
    """One metric filter of a log group."""

    log_group_name: Maybe[str]
    pattern: Maybe[str]
    transformations: tuple[MetricTransformation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogResourcePolicy(Resource):
    """Who may deliver into the account's log groups."""

    document: Maybe[Document]


@dataclass(frozen=True, slots=True)
class EventSelector:
    """A basic selector of a trail."""

    read_write_type: Maybe[str]
    management_events: Maybe[bool]
    excluded_sources: tuple[Maybe[str], ...]
    data_resources: tuple[tuple[Maybe[str], tuple[Maybe[str], ...]], ...]


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """One field of an advanced selector: every operator that is given must match."""

    field: Maybe[str]
    operators: tuple[tuple[str, tuple[Maybe[str], ...]], ...]


AdvancedSelector = tuple[FieldSelector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail(Resource):
    """One trail; its id is its name."""

    arn: str
    bucket: Maybe[str]
    key_prefix: Maybe[str]
    kms_key_id: Maybe[str]
    log_group_arn: Maybe[str]
    log_role_arn: Maybe[str]
    topic: Maybe[str]
    logging: Maybe[bool]
    multi_region: Maybe[bool]
    organization: Maybe[bool]
    global_service_events: Maybe[bool]
    log_file_validation: Maybe[bool]
    event_selectors: tuple[EventSelector, ...]
    advanced_event_selectors: tuple[AdvancedSelector, ...]


# What a trail records when no selector is given; CloudTrail guide, "Logging management events", read 2026-11-24.
_MANAGEMENT_EVENTS = EventSelector("All", True, (), ())
_OPERATORS = ("Equals", "NotEquals", "StartsWith", "NotStartsWith", "EndsWith", "NotEndsWith")


def log_groups(resources: Resources) -> Iterator[LogGroup]:
    """All log groups."""
    for group in resources.of("AWS::Logs::LogGroup"):
        given = group.properties
        yield LogGroup(
            **group.common,
            arn=group.arn,
            kms_key_id=given.text("KmsKeyId"),
            retention_days=given.whole("RetentionInDays"),
            log_group_class=given.text("LogGroupClass", "STANDARD"),
            retained=group.retained,
        )


def metric_filters(resources: Resources) -> Iterator[MetricFilter]:
    """All metric filters."""
    for declared in resources.of("AWS::Logs::MetricFilter"):
        given = declared.properties
        yield MetricFilter(
            **declared.common,
            log_group_name=given.text("LogGroupName"),
            pattern=_pattern(given),
            transformations=tuple(
                MetricTransformation(
                    each.text("MetricNamespace"),
                    each.text("MetricName"),
                    each.text("MetricValue"),
                    each.number("DefaultValue"),
                )
                for each in given.blocks("MetricTransformations")
            ),
        )


def _pattern(given: Properties) -> Maybe[str]:
    """The pattern; one that a further criterion narrows cannot be told by the pattern alone."""
    narrowed = "FieldSelectionCriteria" in given
    return Unknown("a field selection narrows the filter") if narrowed else given.text("FilterPattern")


def log_resource_policies(resources: Resources) -> Iterator[LogResourcePolicy]:
    """All resource policies of CloudWatch Logs."""
    for policy in resources.of("AWS::Logs::ResourcePolicy"):
        document = policy.properties.document("PolicyDocument")
        yield LogResourcePolicy(
            **policy.common, document=Unknown("no policy document") if document is None else document
        )


def trails(resources: Resources) -> Iterator[Trail]:
    """All trails."""
    for trail in resources.of("AWS::CloudTrail::Trail"):
        given = trail.properties
        advanced = tuple(sorted((_advanced(each) for each in given.blocks("AdvancedEventSelectors")), key=str))
        basic = tuple(sorted((_basic(each) for each in given.blocks("EventSelectors")), key=str))
        yield Trail(
            **trail.common,
            arn=trail.arn,
            bucket=given.text("S3BucketName"),
            key_prefix=given.text("S3KeyPrefix"),
            kms_key_id=resources.key(given.text("KMSKeyId"), trail.place),
            log_group_arn=given.text("CloudWatchLogsLogGroupArn"),
            log_role_arn=given.text("CloudWatchLogsRoleArn"),
            topic=given.text("SnsTopicName"),
            logging=given.flag("IsLogging"),
            multi_region=given.flag("IsMultiRegionTrail"),
            organization=given.flag("IsOrganizationTrail"),
            global_service_events=given.flag("IncludeGlobalServiceEvents", default=True),
            log_file_validation=given.flag("EnableLogFileValidation"),
            event_selectors=basic or (() if advanced else (_MANAGEMENT_EVENTS,)),
            advanced_event_selectors=advanced,
        )


def _basic(given: Properties) -> EventSelector:
    data = [(each.text("Type"), each.texts("Values")) for each in given.blocks("DataResources")]
    return EventSelector(
        read_write_type=given.text("ReadWriteType", "All"),
        management_events=given.flag("IncludeManagementEvents", default=True),
        excluded_sources=given.texts("ExcludeManagementEventSources"),
        data_resources=tuple(sorted(data, key=str)),
    )


def _advanced(given: Properties) -> AdvancedSelector:
    return tuple(sorted((_field(each) for each in given.blocks("FieldSelectors")), key=str))


def _field(given: Properties) -> FieldSelector:
    operators = tuple((name, given.texts(name)) for name in _OPERATORS if given.texts(name))
    return FieldSelector(given.text("Field"), operators)
