"""The enclave's guardrail and the one numeric version of it that is in force."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnDeletionPolicy, Fn
from aws_cdk import aws_bedrock as bedrock
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from infra.settings import Enclave, GuardrailProfile

# Image filters: generally available in some commercial regions, in preview in us-gov-west-1 for these four categories.
# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html, read 2026-11-24.
IMAGE_CATEGORIES = frozenset({"HATE", "INSULTS", "SEXUAL", "VIOLENCE"})
IMAGE_REGIONS = frozenset(
    {"us-gov-west-1", "us-east-1", "us-east-2", "us-west-2", "eu-central-1", "eu-west-1", "eu-west-2"}
    | {"ap-northeast-1", "ap-northeast-2", "ap-south-1", "ap-southeast-1"}
)
TIER = "CLASSIC"  # STANDARD needs a cross-region guardrail profile, which takes content out of the region
BOTH_WAYS = {"inputAction": "BLOCK", "inputEnabled": True, "outputAction": "BLOCK", "outputEnabled": True}


class Guardrail(Construct):
    """A guardrail rendered from the profile, and a version that is minted anew whenever its content changes.

    Bedrock mints no version by itself when a guardrail changes. The version's `Description` is the digest of the
    content and create-only, so CloudFormation replaces the version exactly when the content differs; the earlier one
    is retained, since clients may still name it until the overlap ends.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, key: kms.IKey) -> None:
        super().__init__(scope, id)
        content = render(settings.profile, region=settings.region)
        self.digest = digest(content)
        self.resource = bedrock.CfnGuardrail(self, "Resource", name=settings.name, kms_key_arn=key.key_arn, **content)
        self._version = bedrock.CfnGuardrailVersion(
            self,
            "Version",
            guardrail_identifier=self.resource.attr_guardrail_arn,
            description=f"sha256:{self.digest}",
        )
        self._version.cfn_options.deletion_policy = CfnDeletionPolicy.RETAIN
        self._version.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN

    @property
    def arn(self) -> str:
        """The guardrail's ARN, without a version; it stays for the guardrail's life."""
        return self.resource.attr_guardrail_arn

    @property
    def id(self) -> str:
        """The guardrail's id, the last part of its ARN."""
        return self.resource.attr_guardrail_id

    @property
    def version(self) -> str:
        """The number of the version in force. A change of content replaces it: never export it to another stack."""
        return self._version.attr_version

    def version_arn(self, version: str | int | None = None) -> str:
        """The value `bedrock:GuardrailIdentifier` has when a call names this guardrail at a version."""
        return Fn.join(":", [self.arn, str(version) if version is not None else self.version])


class GuardrailEnforcement(Construct):
    """The account's enforcement of one guardrail version on every model; one per account and region."""

    def __init__(self, scope: Construct, id: str, *, guardrail: Guardrail) -> None:
        super().__init__(scope, id)
        self.resource = bedrock.CfnEnforcedGuardrailConfiguration(
            self,
            "Resource",
            guardrail_identifier=guardrail.id,  # the id and not the ARN: it is what the service reads back
            guardrail_version=guardrail.version,
            model_enforcement={"includedModels": ["ALL"], "excludedModels": []},
            selective_content_guarding={"messages": "COMPREHENSIVE", "system": "COMPREHENSIVE"},
        )


def render(profile: GuardrailProfile, *, region: str) -> dict[str, Any]:
    """The content of a guardrail as the CDK's L1 takes it; every action and switch is spelled out, none defaulted."""
    content: dict[str, Any] = {
        "blocked_input_messaging": profile.messages.input,
        "blocked_outputs_messaging": profile.messages.output,
        "topic_policy_config": {
            "topicsConfig": [_topic(topic) for topic in profile.topics],
            "topicsTierConfig": {"tierName": TIER},
        },
        "content_policy_config": {
            "filtersConfig": [
                *(_content_filter(kind, strength, region) for kind, strength in sorted(profile.content.items())),
                _prompt_attack(profile.prompt_attack),
            ],
            "contentFiltersTierConfig": {"tierName": TIER},
        },
    }
    words = {
        "managedWordListsConfig": [{"type": kind, **BOTH_WAYS} for kind in sorted(profile.words.managed)],
        "wordsConfig": [{"text": text, **BOTH_WAYS} for text in sorted(profile.words.custom)],
    }
    if filled := {name: entries for name, entries in words.items() if entries}:
        content["word_policy_config"] = filled
    if profile.pii:
        content["sensitive_information_policy_config"] = {
            "piiEntitiesConfig": [_pii(kind, action) for kind, action in sorted(profile.pii.items())]
        }
    content["contextual_grounding_policy_config"] = {
        "filtersConfig": [
            {"type": "GROUNDING", "threshold": profile.grounding.grounding, "action": "BLOCK", "enabled": True},
            {"type": "RELEVANCE", "threshold": profile.grounding.relevance, "action": "BLOCK", "enabled": True},
        ]
    }
    return content


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of rendered content as the template will say it, so that whoever reads the template can compute it.

    Keys in CloudFormation's spelling and sorted, no spaces; the guardrail's name, key and tags are not content.
    """
    return hashlib.sha256(json.dumps(_written(content), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _written(value: Any) -> Any:
    """The value with its keys as CloudFormation spells them: `topic_policy_config` and `topicPolicyConfig` alike."""
    match value:
        case dict():
            return {"".join(f"{w[:1].upper()}{w[1:]}" for w in k.split("_")): _written(v) for k, v in value.items()}
        case list():
            return [_written(each) for each in value]
        case _:
            return value


def _topic(topic: Any) -> dict[str, Any]:
    return {
        "name": topic.name,
        "definition": topic.definition,
        "examples": list(topic.examples),
        "type": "DENY",
        **BOTH_WAYS,
    }


def _content_filter(kind: str, strength: str, region: str) -> dict[str, Any]:
    image = kind in IMAGE_CATEGORIES and region in IMAGE_REGIONS
    modalities = ["TEXT", "IMAGE"] if image else ["TEXT"]
    return {
        "type": kind,
        "inputStrength": strength,
        "outputStrength": strength,
        "inputModalities": modalities,
        "outputModalities": modalities,
        **BOTH_WAYS,
    }


def _prompt_attack(strength: str) -> dict[str, Any]:
    # Bedrock refuses a response strength other than NONE here: "PROMPT ATTACK content filter strength for response
    # must be NONE" (PRECONDITIONS, read 2026-11-24). The output side is therefore off by AWS's rule, not by choice.
    return {
        "type": "PROMPT_ATTACK",
        "inputStrength": strength,
        "outputStrength": "NONE",
        "inputModalities": ["TEXT"],
        "outputModalities": ["TEXT"],
        **BOTH_WAYS,
    }


def _pii(kind: str, action: str) -> dict[str, Any]:
    return {
        "type": kind,
        "action": action,
        "inputAction": action,
        "inputEnabled": True,
        "outputAction": action,
        "outputEnabled": True,
    }
