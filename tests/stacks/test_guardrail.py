"""The guardrail blocks on input and output, and a change of its content, and nothing else, mints a version."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from infra.constructs.customer_key import CustomerKey
from infra.constructs.guardrail import Guardrail, GuardrailEnforcement, digest, render

if TYPE_CHECKING:
    from infra.settings import Enclave, GuardrailProfile


def synthesised(settings: Enclave, key: str = "Key") -> dict[str, dict[str, Any]]:
    """The resources of a stack with the guardrail and its enforcement, by type."""
    stack = Stack(App(), "S", env=Environment(account=settings.accounts.enclave, region=settings.region))
    named_key = CustomerKey(stack, key, settings=settings, deployment_role="arn:role", purpose="a test", uses=[])
    guardrail = Guardrail(stack, "Guardrail", settings=settings, key=named_key)
    GuardrailEnforcement(stack, "Enforcement", guardrail=guardrail)
    resources = Template.from_stack(stack).to_json()["Resources"]
    return {one["Type"]: {"LogicalId": name, **one} for name, one in resources.items()}


def reworded(settings: Enclave) -> Enclave:
    profile = settings.profile
    topic = profile.topics[0]
    topics = (topic.model_copy(update={"definition": f"{topic.definition} Also otherwise."}), *profile.topics[1:])
    return settings.with_profile(profile.model_copy(update={"topics": topics}))


@pytest.fixture(scope="module")
def before(sandbox: Enclave) -> dict[str, dict[str, Any]]:
    return synthesised(sandbox)


def test_everything_configured_blocks_or_masks_on_input_and_output(sandbox: Enclave) -> None:
    content = render(sandbox.profile, region=sandbox.region)
    entries = [
        *content["TopicPolicyConfig"]["TopicsConfig"],
        *content["ContentPolicyConfig"]["FiltersConfig"],
        *content["WordPolicyConfig"]["ManagedWordListsConfig"],
        *content["SensitiveInformationPolicyConfig"]["PiiEntitiesConfig"],
    ]
    assert len(entries) > 20
    for entry in entries:
        assert entry["InputEnabled"] is entry["OutputEnabled"] is True
        assert {entry["InputAction"], entry["OutputAction"]} <= {"BLOCK", "ANONYMIZE"}


def test_the_prompt_attack_filter_has_no_output_strength_which_bedrock_refuses(sandbox: Enclave) -> None:
    filters = render(sandbox.profile, region=sandbox.region)["ContentPolicyConfig"]["FiltersConfig"]
    none_on_output = {entry["Type"] for entry in filters if entry["OutputStrength"] == "NONE"}
    assert none_on_output == {"PROMPT_ATTACK"}


def test_images_are_judged_where_the_region_can_and_only_there(sandbox: Enclave) -> None:
    def judged(region: str) -> set[str]:
        filters = render(sandbox.profile, region=region)["ContentPolicyConfig"]["FiltersConfig"]
        return {entry["Type"] for entry in filters if "IMAGE" in entry["InputModalities"]}

    assert judged("us-gov-west-1") == {"HATE", "INSULTS", "SEXUAL", "VIOLENCE"}
    assert judged("us-gov-east-1") == set()


def test_a_changed_topic_replaces_the_version_and_keeps_its_logical_id(
    sandbox: Enclave, before: dict[str, dict[str, Any]]
) -> None:
    old, new = (each["AWS::Bedrock::GuardrailVersion"] for each in (before, synthesised(reworded(sandbox))))
    assert old["LogicalId"] == new["LogicalId"]
    assert old["Properties"]["Description"] != new["Properties"]["Description"]
    assert old["DeletionPolicy"] == old["UpdateReplacePolicy"] == "Retain"


def test_what_is_no_content_mints_no_version(sandbox: Enclave, before: dict[str, dict[str, Any]]) -> None:
    tagged = sandbox.model_copy(update={"tags": {"Owner": "somebody-else"}}).with_profile(sandbox.profile)
    other = synthesised(tagged, key="AnotherKey")
    assert (
        other["AWS::Bedrock::GuardrailVersion"]["Properties"]["Description"]
        == before["AWS::Bedrock::GuardrailVersion"]["Properties"]["Description"]
    )


def test_the_digest_does_not_depend_on_the_order_of_the_profile(sandbox: Enclave) -> None:
    def turned(profile: GuardrailProfile) -> GuardrailProfile:
        turned_round = {"pii": dict(reversed(list(profile.pii.items()))), "topics": profile.topics[::-1]}
        return profile.model_copy(update=turned_round)

    one, other = (render(profile, region="us-gov-west-1") for profile in (sandbox.profile, turned(sandbox.profile)))
    assert digest(one) == digest(other)


def in_order(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(map(in_order, value), key=lambda each: json.dumps(each, sort_keys=True))
    return {name: in_order(each) for name, each in value.items()} if isinstance(value, dict) else value


def test_anyone_can_recompute_the_digest_from_the_template(before: dict[str, dict[str, Any]]) -> None:
    properties = before["AWS::Bedrock::Guardrail"]["Properties"]
    said = {name: value for name, value in properties.items() if name not in {"KmsKeyArn", "Name", "Tags"}}
    text = json.dumps(in_order(said), sort_keys=True, separators=(",", ":"))
    description = before["AWS::Bedrock::GuardrailVersion"]["Properties"]["Description"]
    assert description == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_enforcement_excludes_nothing_and_names_the_numeric_version(before: dict[str, dict[str, Any]]) -> None:
    enforced = before["AWS::Bedrock::EnforcedGuardrailConfiguration"]["Properties"]
    version = before["AWS::Bedrock::GuardrailVersion"]["LogicalId"]
    assert enforced["GuardrailVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert enforced["ModelEnforcement"] == {"IncludedModels": ["ALL"], "ExcludedModels": []}
    assert enforced["SelectiveContentGuarding"] == {"Messages": "COMPREHENSIVE", "System": "COMPREHENSIVE"}
