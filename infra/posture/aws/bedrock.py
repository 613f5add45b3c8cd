"""Guardrails, their versions, their enforcement, and the account's settings for inference."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.posture.aws.guardrail_content import guardrail_content
from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.guardrail_content import GuardrailContent
    from infra.posture.resources import Declared, Resources


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
            content=guardrail_content(given),
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
            content=guardrail_content(given.block("Content")) if "Content" in given else None,
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
