"""What a guardrail, or one version of it, judges by: topics, filters, words, personal data, grounding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from infra.posture.values import Maybe, Properties, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def guardrail_content(given: Properties) -> GuardrailContent:
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
