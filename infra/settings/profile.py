"""A guardrail profile: what a guardrail holds, in a file of its own so that enclaves can share it."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from infra.settings.setting import Setting
from infra.settings.types import Message, SchemaVersion, ShortLine, Threshold, TopicDefinition, TopicName

Strength = Literal["NONE", "LOW", "MEDIUM", "HIGH"]
ContentFilter = Literal["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT"]
PiiType = Literal[
    "ADDRESS",
    "AGE",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "CA_HEALTH_NUMBER",
    "CA_SOCIAL_INSURANCE_NUMBER",
    "CREDIT_DEBIT_CARD_CVV",
    "CREDIT_DEBIT_CARD_EXPIRY",
    "CREDIT_DEBIT_CARD_NUMBER",
    "DRIVER_ID",
    "EMAIL",
    "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
    "IP_ADDRESS",
    "LICENSE_PLATE",
    "MAC_ADDRESS",
    "NAME",
    "PASSWORD",
    "PHONE",
    "PIN",
    "SWIFT_CODE",
    "UK_NATIONAL_HEALTH_SERVICE_NUMBER",
    "UK_NATIONAL_INSURANCE_NUMBER",
    "UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER",
    "URL",
    "USERNAME",
    "US_BANK_ACCOUNT_NUMBER",
    "US_BANK_ROUTING_NUMBER",
    "US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER",
    "US_PASSPORT_NUMBER",
    "US_SOCIAL_SECURITY_NUMBER",
    "VEHICLE_IDENTIFICATION_NUMBER",
]
"""GuardrailPiiEntityType of botocore 1.44.5, read 2026-11-24; a test compares them."""


class Topic(Setting):
    """One denied topic, blocked on input and output."""

    name: TopicName = Field(description="name of the topic; the agreement's have their names in the catalogue")
    definition: TopicDefinition = Field(description="what the topic is, in at most 200 characters")
    examples: Annotated[tuple[ShortLine, ...], Field(max_length=5)] = Field(
        default=(), description="up to five requests that are the topic, each at most 100 characters"
    )


class Words(Setting):
    """Words that block a message wherever they stand."""

    managed: tuple[Literal["PROFANITY"], ...] = Field(default=(), description="lists that AWS keeps")
    custom: Annotated[tuple[ShortLine, ...], Field(max_length=10_000)] = Field(
        default=(), description="words or phrases of one's own, each at most 100 characters"
    )


class Grounding(Setting):
    """How far an answer must rest on its sources and fit the question; below that it is blocked."""

    grounding: Threshold = Field(description="least share of the answer that rests on its sources, 0 to 0.99")
    relevance: Threshold = Field(description="least relevance to the question, 0 to 0.99")


class Messages(Setting):
    """What the caller reads when something was blocked."""

    input: Message = Field(description="in place of an answer, when the request was blocked")
    output: Message = Field(description="in place of the answer that was blocked")


class GuardrailProfile(Setting):
    """What one guardrail holds."""

    model_config = ConfigDict(title="Sallyport guardrail profile")

    schema_version: SchemaVersion = Field(alias="schema", description="version of this file's shape", examples=[1])
    topics: Annotated[tuple[Topic, ...], Field(min_length=1, max_length=30)] = Field(
        description="denied topics; those that the agreement requires must be among them"
    )
    content: Mapping[ContentFilter, Strength] = Field(
        description="content filters and their strength on input and output, each at least what the agreement says"
    )
    prompt_attack: Strength = Field(description="strength of the prompt-attack filter, on input")
    words: Words = Field(description="words that block a message")
    pii: Mapping[PiiType, Literal["BLOCK", "ANONYMIZE"]] = Field(
        description="personal data: BLOCK refuses the message, ANONYMIZE masks what was found"
    )
    grounding: Grounding = Field(description="how far an answer must rest on its sources")
    messages: Messages = Field(description="what the caller reads when something was blocked")
