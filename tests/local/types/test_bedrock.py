"""Guardrails, their versions and enforcement, and the account's settings."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import Context, Unsupported, resource_types
from tests.local.types.trips import ACCOUNT, PARTITION, REGION, Trip, logging_configuration, made_key, refused

BOTH = {"InputAction": "BLOCK", "OutputAction": "BLOCK", "InputEnabled": True, "OutputEnabled": True}
STRENGTHS = {"InputStrength": "HIGH", "OutputStrength": "HIGH"}
GUARDRAIL: dict[str, Any] = {
    "Name": "sandbox",
    "Description": "baseline",
    "BlockedInputMessaging": "refused",
    "BlockedOutputsMessaging": "withheld",
    "TopicPolicyConfig": {
        "TopicsConfig": [
            {"Name": "domestic-surveillance", "Definition": "d", "Examples": ["e"], "Type": "DENY", **BOTH},
        ],
        "TopicsTierConfig": {"TierName": "CLASSIC"},
    },
    "ContentPolicyConfig": {
        "FiltersConfig": [
            {"Type": "SEXUAL", **STRENGTHS, "InputModalities": ["TEXT"], "OutputModalities": ["TEXT", "IMAGE"], **BOTH},
            {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"},
        ],
        "ContentFiltersTierConfig": {"TierName": "CLASSIC"},
    },
    "WordPolicyConfig": {"WordsConfig": [{"Text": "w", **BOTH}], "ManagedWordListsConfig": [{"Type": "PROFANITY"}]},
    "SensitiveInformationPolicyConfig": {
        "PiiEntitiesConfig": [{"Type": "EMAIL", "Action": "ANONYMIZE", "OutputAction": "ANONYMIZE"}],
        "RegexesConfig": [{"Name": "badge", "Pattern": "[0-9]+", "Action": "BLOCK", "Description": "a badge"}],
    },
    "ContextualGroundingPolicyConfig": {"FiltersConfig": [{"Type": "GROUNDING", "Threshold": 0.7, "Action": "BLOCK"}]},
    "Tags": [{"Key": "Purpose", "Value": "test"}],
}


def test_a_guardrail_is_read_back_whole_and_changed(context: Context) -> None:
    trip = Trip(context, "AWS::Bedrock::Guardrail", {**GUARDRAIL, "KmsKeyArn": made_key(context)})
    trip.holds()
    assert trip.id.startswith(f"arn:{PARTITION}:bedrock:{REGION}:{ACCOUNT}:guardrail/")
    assert trip.read()["Status"] == "READY"
    trip.change(WordPolicyConfig=None, Description="changed", Tags=None)
    trip.holds()
    assert "WordPolicyConfig" not in trip.read()
    trip.gone()


def test_a_guardrail_made_by_boto3_is_the_same_state(context: Context) -> None:
    client = context.client("bedrock")
    own = client.create_guardrail(
        name="own",
        blockedInputMessaging="a",
        blockedOutputsMessaging="b",
        wordPolicyConfig={"wordsConfig": [{"text": "w"}]},
    )
    read = resource_types()["AWS::Bedrock::Guardrail"].read(own["guardrailArn"], context)
    assert read is not None
    assert read["WordPolicyConfig"] == {"WordsConfig": [{"Text": "w"}]}
    trip = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    told = client.get_guardrail(guardrailIdentifier=trip.id)
    assert told["topicPolicy"]["topics"][0]["inputAction"] == "BLOCK"
    assert told["contentPolicy"]["tier"] == {"tierName": "CLASSIC"}
    assert [entry["name"] for entry in client.list_guardrails()["guardrails"]] == ["own", "sandbox"]


def _topic(**changes: Any) -> dict[str, Any]:
    return {"topicPolicyConfig": {"topicsConfig": [{"name": "t", "definition": "d", "type": "DENY", **changes}]}}


@pytest.mark.parametrize(
    ("policies", "code", "says"),
    [
        ({}, "ValidationException", "at least one policy"),
        (_topic(definition="d" * 201), "ValidationException", "length less than or equal to 200"),
        (_topic(examples=["e"] * 6), "ValidationException", "examples"),
        (_topic(type="ALLOW"), "ValidationException", "enum value set"),
        (_topic(name="no/slash"), "ValidationException", "regular expression pattern"),
        (
            {
                "contentPolicyConfig": {
                    "filtersConfig": [{"type": "PROMPT_ATTACK", "inputStrength": "HIGH", "outputStrength": "HIGH"}]
                }
            },
            "ValidationException",
            "PROMPT ATTACK content filter strength for response must be NONE",
        ),
        (
            {"wordPolicyConfig": {"wordsConfig": [{"text": "w"}, {"text": "w"}]}},
            "ValidationException",
            "case-insensitive duplicates",
        ),
        (
            {
                **_topic(),
                "topicPolicyConfig": {**_topic()["topicPolicyConfig"], "tierConfig": {"tierName": "STANDARD"}},
            },
            "ValidationException",
            "cross-Region",
        ),
        ({**_topic(), "name": "taken"}, "ConflictException", "already has this name"),
        ({**_topic(), "kmsKeyId": "0" * 8 + "-0000-0000-0000-" + "0" * 12}, "AccessDeniedException", "KMS key"),
    ],
)
def test_a_guardrail_is_refused(context: Context, policies: dict[str, Any], code: str, says: str) -> None:
    client = context.client("bedrock")
    whole = {"name": "g", "blockedInputMessaging": "a", "blockedOutputsMessaging": "b"}
    client.create_guardrail(**{**whole, "name": "taken"}, **_topic())
    with pytest.raises(ClientError, match=says) as error:
        client.create_guardrail(**{**whole, **policies})
    assert refused(error) == code


def test_versions_are_snapshots_with_rising_numbers(context: Context) -> None:
    guardrail = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    kind = "AWS::Bedrock::GuardrailVersion"
    first = Trip(context, kind, {"GuardrailIdentifier": guardrail.id, "Description": "d1"})
    first.holds(write_only=("GuardrailIdentifier",), tagged=False)
    assert first.id == guardrail.read()["GuardrailId"] + "|1"
    guardrail.change(BlockedInputMessaging="changed")
    second = Trip(context, kind, {"GuardrailIdentifier": guardrail.id})
    client = context.client("bedrock")
    told = [
        client.get_guardrail(guardrailIdentifier=guardrail.id, guardrailVersion=version)["blockedInputMessaging"]
        for version in ("1", "2", "DRAFT")
    ]
    assert told == ["refused", "changed", "changed"]
    with pytest.raises(Unsupported):  # both properties are create-only, so the engine never asks
        first.change(Description="other")
    second.gone()
    assert Trip(context, kind, {"GuardrailIdentifier": guardrail.id}).read()["Version"] == "3"
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {"GuardrailIdentifier": "nosuchguardrail"})
    assert refused(error) == "ResourceNotFoundException"


def test_enforcement_names_a_version_and_holds_it(context: Context) -> None:
    guardrail = Trip(context, "AWS::Bedrock::Guardrail", GUARDRAIL)
    version = Trip(context, "AWS::Bedrock::GuardrailVersion", {"GuardrailIdentifier": guardrail.id})
    properties = {
        "GuardrailIdentifier": guardrail.read()["GuardrailId"],
        "GuardrailVersion": "1",
        "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": []},
        "SelectiveContentGuarding": {"System": "COMPREHENSIVE", "Messages": "COMPREHENSIVE"},
    }
    enforced = Trip(context, "AWS::Bedrock::EnforcedGuardrailConfiguration", properties)
    enforced.holds(tagged=False)
    assert enforced.read()["Owner"] == "ACCOUNT"
    for inuse in (version, guardrail):
        with pytest.raises(ClientError) as error:
            inuse.gone()
        assert refused(error) == "ResourceInUseException"
    Trip(context, "AWS::Bedrock::GuardrailVersion", {"GuardrailIdentifier": guardrail.id})
    enforced.change(GuardrailVersion="2", SelectiveContentGuarding=None)
    enforced.holds(tagged=False)
    told = context.client("bedrock").list_enforced_guardrails_configuration()["guardrailsConfig"]
    assert [entry["guardrailVersion"] for entry in told] == ["2"]
    with pytest.raises(ClientError) as error:
        enforced.change(GuardrailVersion="9")
    assert refused(error) == "ResourceNotFoundException"
    enforced.gone()
    version.gone()
    guardrail.gone()


def test_the_accounts_settings_are_kept(context: Context) -> None:
    client = context.client("bedrock")
    assert client.get_account_data_retention()["mode"] == "default"
    client.put_account_data_retention(mode="none")
    assert client.get_account_data_retention()["mode"] == "none"
    with pytest.raises(ClientError) as error:
        client.put_account_data_retention(mode="sometimes")
    assert refused(error) == "ValidationException"
    assert "loggingConfig" not in client.get_model_invocation_logging_configuration()
    wanted = logging_configuration(context)
    client.put_model_invocation_logging_configuration(loggingConfig=wanted)
    assert client.get_model_invocation_logging_configuration()["loggingConfig"] == wanted
    wanted["cloudWatchConfig"]["logGroupName"] = "elsewhere"
    with pytest.raises(ClientError, match="Failed to validate permissions for log group: elsewhere"):
        client.put_model_invocation_logging_configuration(loggingConfig=wanted)
    client.delete_model_invocation_logging_configuration()
    assert "loggingConfig" not in client.get_model_invocation_logging_configuration()


def test_models_and_profiles_are_those_of_the_catalogue(context: Context) -> None:
    client = context.client("bedrock")
    open_weights, frontier = "openai.gpt-oss-120b-1:0", "openai.gpt-5.6-terra"
    ways = {one["modelId"]: one["inferenceTypesSupported"] for one in client.list_foundation_models()["modelSummaries"]}
    assert (ways[open_weights], ways[frontier]) == (["ON_DEMAND"], ["INFERENCE_PROFILE"])
    profiles = {one["inferenceProfileId"]: one for one in client.list_inference_profiles()["inferenceProfileSummaries"]}
    own = f"us-gov.{frontier}"
    regions = [model["modelArn"].split(":")[3] for model in profiles[own]["models"]]
    assert regions == ["us-gov-east-1", "us-gov-west-1"]
    told = client.get_inference_profile(inferenceProfileIdentifier=profiles[own]["inferenceProfileArn"])
    assert told["models"] == profiles[own]["models"]
    with pytest.raises(ClientError) as error:
        client.get_foundation_model(modelIdentifier="openai.gpt-0")
    assert refused(error) == "ResourceNotFoundException"


def test_an_operation_that_is_not_mirrored_says_so(context: Context) -> None:
    with pytest.raises(ClientError, match="does not mirror bedrock:ListPromptRouters") as error:
        context.client("bedrock").list_prompt_routers()
    assert refused(error) == "UnsupportedByEmbeddedAws"
