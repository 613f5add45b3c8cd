"""The enclave's guardrail and the one numeric version of it that is in force."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from aws_cdk import RemovalPolicy
from constructs import Construct

from infra import catalog
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.constructs.customer_key import CustomerKey
    from infra.settings import Enclave, GuardrailProfile

# The categories whose image filter us-gov-west-1 has:
# https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-mmfilter.html, read 2026-11-24.
IMAGE_CATEGORIES = frozenset({"HATE", "INSULTS", "SEXUAL", "VIOLENCE"})
TIER = "CLASSIC"  # STANDARD needs a cross-region guardrail profile, which takes content out of the region
BOTH_WAYS = {"InputAction": "BLOCK", "InputEnabled": True, "OutputAction": "BLOCK", "OutputEnabled": True}


class Guardrail(Construct):
    """A guardrail rendered from the profile, and a version that is minted anew whenever its content changes.

    Bedrock mints no version by itself when a guardrail changes. The version's `Description` is the digest of the
    content and create-only, so CloudFormation replaces the version exactly when the content differs; the earlier one
    is retained, since clients may still name it until the overlap ends.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, key: CustomerKey) -> None:
        super().__init__(scope, id)
        content = render(settings.profile, region=settings.region)
        self.digest = digest(content)
        self.resource = Resource(
            self,
            "Resource",
            "AWS::Bedrock::Guardrail",
            {
                "Name": settings.name,
                "KmsKeyArn": key.arn,
                **content,
            },
        )
        self.arn = self.resource.attribute("GuardrailArn")
        """Without a version; it stays for the guardrail's life."""
        self.id = self.resource.attribute("GuardrailId")
        """The last part of the ARN."""
        minted = Resource(
            self,
            "Version",
            "AWS::Bedrock::GuardrailVersion",
            {"GuardrailIdentifier": self.arn, "Description": f"sha256:{self.digest}"},
            removal=RemovalPolicy.RETAIN,
        )
        self.version = minted.attribute("Version")
        """The number of the version in force. A change of content replaces it: never export it to another stack."""

    def version_arn(self, version: str | int | None = None) -> str:
        """The value `bedrock:GuardrailIdentifier` has when a call names this guardrail at a version."""
        return f"{self.arn}:{self.version if version is None else version}"


class GuardrailEnforcement(Construct):
    """The account's enforcement of one guardrail version on every model; one per account and region."""

    def __init__(self, scope: Construct, id: str, *, guardrail: Guardrail) -> None:
        super().__init__(scope, id)
        self.resource = Resource(
            self,
            "Resource",
            "AWS::Bedrock::EnforcedGuardrailConfiguration",
            {
                "GuardrailIdentifier": guardrail.id,
                "GuardrailVersion": guardrail.version,
                "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": []},
                "SelectiveContentGuarding": {"Messages": "COMPREHENSIVE", "System": "COMPREHENSIVE"},
            },
        )


def render(profile: GuardrailProfile, *, region: str) -> dict[str, Any]:
    """The guardrail's content in CloudFormation's words; every action and switch is spelled out, none defaulted."""
    content: dict[str, Any] = {
        "BlockedInputMessaging": profile.messages.input,
        "BlockedOutputsMessaging": profile.messages.output,
        "TopicPolicyConfig": {
            "TopicsConfig": [_topic(topic) for topic in profile.topics],
            "TopicsTierConfig": {"TierName": TIER},
        },
        "ContentPolicyConfig": {
            "FiltersConfig": [
                *(_content_filter(kind, strength, region) for kind, strength in sorted(profile.content.items())),
                _prompt_attack(profile.prompt_attack),
            ],
            "ContentFiltersTierConfig": {"TierName": TIER},
        },
        "ContextualGroundingPolicyConfig": {
            "FiltersConfig": [
                _grounding("GROUNDING", profile.grounding.grounding),
                _grounding("RELEVANCE", profile.grounding.relevance),
            ]
        },
    }
    words = {
        "ManagedWordListsConfig": [{"Type": kind, **BOTH_WAYS} for kind in sorted(profile.words.managed)],
        "WordsConfig": [{"Text": text, **BOTH_WAYS} for text in sorted(profile.words.custom)],
    }
    if filled := {list_name: entries for list_name, entries in words.items() if entries}:
        content["WordPolicyConfig"] = filled
    if profile.pii:
        content["SensitiveInformationPolicyConfig"] = {
            "PiiEntitiesConfig": [_pii(kind, action) for kind, action in sorted(profile.pii.items())]
        }
    return content


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content as canonical JSON: anyone can compute it from the guardrail's properties in a template.

    Lists are sorted, for the order of topics and filters means nothing. Name, key and tags are no content, and a
    change of theirs mints no version.
    """
    return hashlib.sha256(json.dumps(_in_order(content), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _in_order(value: Any) -> Any:
    match value:
        case dict():
            return {name: _in_order(each) for name, each in value.items()}
        case list():
            return sorted((_in_order(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
        case _:
            return value


def _topic(topic: Any) -> dict[str, Any]:
    return {
        "Name": topic.name,
        "Definition": topic.definition,
        "Examples": list(topic.examples),
        "Type": "DENY",
        **BOTH_WAYS,
    }


def _content_filter(kind: str, strength: str, region: str) -> dict[str, Any]:
    image = kind in IMAGE_CATEGORIES and not catalog.region(region).lacking("guardrail-image-filters")
    modalities = ["TEXT", "IMAGE"] if image else ["TEXT"]
    return {
        "Type": kind,
        "InputStrength": strength,
        "OutputStrength": strength,
        "InputModalities": modalities,
        "OutputModalities": modalities,
        **BOTH_WAYS,
    }


def _prompt_attack(strength: str) -> dict[str, Any]:
    # Bedrock refuses a response strength other than NONE here: "PROMPT ATTACK content filter strength for response
    # must be NONE" (PRECONDITIONS, read 2026-11-24). The output side is therefore off by AWS's rule, not by choice.
    return {
        "Type": "PROMPT_ATTACK",
        "InputStrength": strength,
        "OutputStrength": "NONE",
        "InputModalities": ["TEXT"],
        "OutputModalities": ["TEXT"],
        **BOTH_WAYS,
    }


def _pii(kind: str, action: str) -> dict[str, Any]:
    return {
        "Type": kind,
        "Action": action,
        "InputAction": action,
        "InputEnabled": True,
        "OutputAction": action,
        "OutputEnabled": True,
    }


def _grounding(kind: str, threshold: float) -> dict[str, Any]:
    # A whole number is written without a point, as the template will have it, so that the digest is the same.
    value = int(threshold) if threshold == int(threshold) else threshold
    return {"Type": kind, "Threshold": value, "Action": "BLOCK", "Enabled": True}
