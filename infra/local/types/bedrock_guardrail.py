"""AWS::Bedrock::Guardrail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context

# GetGuardrail's name of each policy and its parts, and CloudFormation's.
_TOLD = {
    "topicPolicy": ("TopicPolicyConfig", {"topics": "TopicsConfig", "tier": "TopicsTierConfig"}),
    "contentPolicy": ("ContentPolicyConfig", {"filters": "FiltersConfig", "tier": "ContentFiltersTierConfig"}),
    "wordPolicy": ("WordPolicyConfig", {"words": "WordsConfig", "managedWordLists": "ManagedWordListsConfig"}),
    "sensitiveInformationPolicy": (
        "SensitiveInformationPolicyConfig",
        {"piiEntities": "PiiEntitiesConfig", "regexes": "RegexesConfig"},
    ),
    "contextualGroundingPolicy": ("ContextualGroundingPolicyConfig", {"filters": "FiltersConfig"}),
    "automatedReasoningPolicy": ("AutomatedReasoningPolicyConfig", {}),
    "crossRegionDetails": ("CrossRegionConfig", {}),
}


class Guardrail(Declared, name="AWS::Bedrock::Guardrail"):
    """A guardrail's draft; Ref is its ARN."""

    service = "bedrock"
    creates = Call("create_guardrail")
    identity = "guardrailArn"
    reads = (Call("get_guardrail", {"guardrailIdentifier": "{id}"}),)
    updates = Call("update_guardrail", {"guardrailIdentifier": "{id}"})
    deletes = Call("delete_guardrail", {"guardrailIdentifier": "{id}"})
    tagging = Tagging(
        target={"resourceARN": "{id}"}, lists=Call("list_tags_for_resource", {"resourceARN": "{id}"}, "tags")
    )
    renames: ClassVar = {
        "TopicPolicyConfig.TopicsTierConfig": "tierConfig",
        "ContentPolicyConfig.ContentFiltersTierConfig": "tierConfig",
        "CrossRegionConfig.GuardrailProfileArn": "guardrailProfileIdentifier",
        "KmsKeyArn": "kmsKeyId",
    }

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        told = dict(answer)
        for name, (property_name, parts) in _TOLD.items():
            if name in told:
                told[property_name] = {parts.get(part, part): value for part, value in told.pop(name).items()}
        return told
