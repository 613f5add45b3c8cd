"""Guardrails, their versions, their enforcement, and the account's settings for inference."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Declared, Resources

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """What a filter does on one side of a call; AWS blocks where nothing else is said."""

    action: Maybe[str]
    enabled: Maybe[bool]

    @property
    def blocks(self) -> Maybe[bool]:
        """Whether a match stops the message."""
        return self.does("BLOCK")

    def does(self, *actions: str) -> Maybe[bool]:
        """Whether a match has one of these consequences."""
        if self.enabled is False or (isinstance(self.action, str) and self.action not in actions):
            return False
        return next((each for each in (self.action, self.enabled) if isinstance(each, Unknown)), True)


@dataclass(frozen=True, slots=True)
class Topic:
    """One denied topic."""

    name: Maybe[str]
    definition: Maybe[str]
    examples: tuple[Maybe[str], ...]
    type: Maybe[str]
    input: Way
    output: Way


@dataclass(frozen=True, slots=True)
class ContentFilter:
    """One content filter."""

    type: Maybe[str]
    input_strength: Maybe[str]
    output_strength: Maybe[str]
    input_modalities: tuple[Maybe[str], ...]
    output_modalities: tuple[Maybe[str], ...]
    input: Way
    output: Way


@dataclass(frozen=True, slots=True)
class Term:
    """Something looked for as such: a word, a managed word list, a kind of personal data, a regular expression."""

    name: Maybe[str]
    input: Way
    output: Way
    pattern: Maybe[str] = ""


@dataclass(frozen=True, slots=True)
class GroundingFilter:
    """One threshold of contextual grounding."""

    type: Maybe[str]
    threshold: Maybe[float]
    way: Way


@dataclass(frozen=True, slots=True)
class GuardrailContent:
    """What a guardrail, or one version of it, judges by."""

    topics: tuple[Topic, ...]
    content_filters: tuple[ContentFilter, ...]
    words: tuple[Term, ...]
    managed_word_lists: tuple[Term, ...]
    pii: tuple[Term, ...]
    regexes: tuple[Term, ...]
    grounding: tuple[GroundingFilter, ...]
    tiers: tuple[tuple[str, Maybe[str]], ...]
    cross_region_profile: Maybe[str]
    messages: tuple[Maybe[str], Maybe[str]]
    """What the caller reads for a blocked input, and for a blocked output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardrail(Resource):
    """One guardrail; its id is the guardrail id, its content that of the draft."""

    arn: str
    name: Maybe[str]
    kms_key_arn: Maybe[str]
    content: GuardrailContent
    digest: Maybe[str] = field(compare=False)
    """SHA-256 of what the template says of it, name, key and tags apart, as sorted JSON without spaces; see GRD-03."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardrailVersion(Resource):
    """One numbered version."""

    guardrail_id: Maybe[str]
    version: Maybe[str]
    description: Maybe[str]
    retained: Maybe[bool]
    content: GuardrailContent | None = field(compare=False)
    """What it judges by; None if a template asks for it, which makes it of the guardrail as it then is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnforcedGuardrail(Resource):
    """A guardrail version that the account applies to calls by itself."""

    guardrail_id: Maybe[str]
    version: Maybe[str]
    included_models: tuple[Maybe[str], ...]
    excluded_models: tuple[Maybe[str], ...]
    guards_messages: Maybe[str]
    guards_system: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvocationLogging(Resource):
    """The account's invocation logging: seen live; a settings keeper puts it, no template can."""

    log_group: Maybe[str]
    role_arn: Maybe[str]
    bucket: Maybe[str]
    key_prefix: Maybe[str]
    modalities: tuple[tuple[str, Maybe[bool]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRetention(Resource):
    """The account's data retention: seen live; a settings keeper puts it, no template can."""

    mode: Maybe[str]


def guardrails(resources: Resources) -> Iterator[Guardrail]:
    """All guardrails."""
    for guardrail in resources.of("AWS::Bedrock::Guardrail"):
        given = guardrail.properties
        yield Guardrail(
            **guardrail.common,
            arn=guardrail.arn,
            name=given.text("Name"),
            kms_key_arn=given.text("KmsKeyArn"),
            content=_content(given),
            digest=_digest(guardrail),
        )


def guardrail_versions(resources: Resources) -> Iterator[GuardrailVersion]:
    """All versions; the number of one that a template asks for is AWS's to give."""
    for version in resources.of("AWS::Bedrock::GuardrailVersion"):
        given = version.properties
        yield GuardrailVersion(
            **version.common,
            guardrail_id=_guardrail_id(given),
            version=given.text("Version", f"{{{version.ref}.Version}}"),
            description=given.text("Description"),
            retained=version.retained,
            content=_content(given.block("Content")) if "Content" in given else None,
        )


def enforced_guardrails(resources: Resources) -> Iterator[EnforcedGuardrail]:
    """All enforcements. Without model enforcement all models are meant; what the guarding then is, AWS does not say."""
    for declared in resources.of("AWS::Bedrock::EnforcedGuardrailConfiguration"):
        given = declared.properties
        models = given.block("ModelEnforcement")
        guarding = given.block("SelectiveContentGuarding")
        yield EnforcedGuardrail(
            **declared.common,
            guardrail_id=_guardrail_id(given),
            version=given.text("GuardrailVersion"),
            included_models=models.texts("IncludedModels") if models else ("ALL",),
            excluded_models=models.texts("ExcludedModels"),
            guards_messages=guarding.text("Messages"),
            guards_system=guarding.text("System"),
        )


_MODALITIES = ("audio", "embedding", "image", "text", "video")
INVOCATION_LOGGING = "Sallyport::Bedrock::InvocationLogging"
DATA_RETENTION = "Sallyport::Bedrock::DataRetention"


def invocation_loggings(resources: Resources) -> Iterator[InvocationLogging]:
    """The account's invocation logging, where an account was read and has one."""
    for declared in resources.of(INVOCATION_LOGGING):
        given = declared.properties
        logs = given.block("cloudWatchConfig")
        bucket = given.block("s3Config")
        yield InvocationLogging(
            **declared.common,
            log_group=logs.text("logGroupName"),
            role_arn=logs.text("roleArn"),
            bucket=bucket.text("bucketName"),
            key_prefix=bucket.text("keyPrefix"),
            modalities=tuple((name, given.flag(f"{name}DataDeliveryEnabled")) for name in _MODALITIES),
        )


def data_retentions(resources: Resources) -> Iterator[DataRetention]:
    """The account's data retention, where an account was read."""
    for declared in resources.of(DATA_RETENTION):
        yield DataRetention(**declared.common, mode=declared.properties.text("mode"))


def _guardrail_id(given: Properties) -> Maybe[str]:
    """The id, whether it was named by id or by ARN."""
    identifier = given.text("GuardrailIdentifier")
    return identifier if isinstance(identifier, Unknown) else identifier.rpartition("guardrail/")[2]


def _digest(guardrail: Declared) -> Maybe[str]:
    value = guardrail.properties.value
    if isinstance(value, Unknown):
        return value
    said = {name: each for name, each in value.items() if name not in ("KmsKeyArn", "Name", "Tags")}
    try:
        text = json.dumps(_in_order(said), sort_keys=True, separators=(",", ":"))
    except TypeError:
        return Unknown("something of the guardrail is not known")
    return hashlib.sha256(text.encode()).hexdigest()


def _in_order(value: Any) -> Any:
    """The value with its lists sorted: their order means nothing."""
    match value:
        case dict():
            return {name: _in_order(each) for name, each in value.items()}
        case list():
            return sorted((_in_order(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
        case _:
            return value


def _content(given: Properties) -> GuardrailContent:
    topics = given.block("TopicPolicyConfig")
    content = given.block("ContentPolicyConfig")
    words = given.block("WordPolicyConfig")
    sensitive = given.block("SensitiveInformationPolicyConfig")
    grounding = given.block("ContextualGroundingPolicyConfig")
    return GuardrailContent(
        topics=_sorted(_topic(each) for each in topics.blocks("TopicsConfig")),
        content_filters=_sorted(_content_filter(each) for each in content.blocks("FiltersConfig")),
        words=_sorted(_term(each, "Text") for each in words.blocks("WordsConfig")),
        managed_word_lists=_sorted(_term(each, "Type") for each in words.blocks("ManagedWordListsConfig")),
        pii=_sorted(_term(each, "Type") for each in sensitive.blocks("PiiEntitiesConfig")),
        regexes=_sorted(_term(each, "Name") for each in sensitive.blocks("RegexesConfig")),
        grounding=_sorted(_grounding(each) for each in grounding.blocks("FiltersConfig")),
        tiers=(
            ("topics", topics.block("TopicsTierConfig").text("TierName", "CLASSIC")),
            ("content", content.block("ContentFiltersTierConfig").text("TierName", "CLASSIC")),
        ),
        cross_region_profile=given.block("CrossRegionConfig").text("GuardrailProfileArn"),
        messages=(given.text("BlockedInputMessaging"), given.text("BlockedOutputsMessaging")),
    )


def _sorted(values: Iterator[T]) -> tuple[T, ...]:
    return tuple(sorted(values, key=str))


def _ways(given: Properties, action: str = "BLOCK") -> tuple[Way, Way]:
    """Input and output; `action` is what the filter does on a side for which nothing is said."""
    default = given.text("Action", action)
    sides = []
    for side in ("Input", "Output"):
        said = f"{side}Action" in given
        sides.append(Way(given.text(f"{side}Action") if said else default, given.flag(f"{side}Enabled", default=True)))
    return sides[0], sides[1]


def _topic(given: Properties) -> Topic:
    return Topic(
        given.text("Name"),
        given.text("Definition"),
        given.texts("Examples"),
        given.text("Type"),
        *_ways(given),
    )


def _content_filter(given: Properties) -> ContentFilter:
    return ContentFilter(
        given.text("Type"),
        given.text("InputStrength", "NONE"),
        given.text("OutputStrength", "NONE"),
        given.texts("InputModalities") or ("TEXT",),
        given.texts("OutputModalities") or ("TEXT",),
        *_ways(given),
    )


def _term(given: Properties, name: str) -> Term:
    return Term(given.text(name), *_ways(given), given.text("Pattern"))


def _grounding(given: Properties) -> GroundingFilter:
    threshold = given.number("Threshold")
    return GroundingFilter(
        given.text("Type"),
        0.0 if threshold is None else threshold,
        Way(given.text("Action", "BLOCK"), given.flag("Enabled", default=True)),
    )
