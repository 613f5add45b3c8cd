"""What holds over all stacks of an enclave: no code of its own, nothing fragile exported, every role bounded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.constructs import role_actions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infra.settings import Enclave

    Synth = Callable[[Enclave], dict[str, dict[str, Any]]]

Templates = dict[str, dict[str, Any]]
OIDC = "arn:aws-us-gov:iam::111122223333:oidc-provider/login.example.gov"


def resources(templates: Templates, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for template in templates.values():
        for name, one in template["Resources"].items():
            if not kinds or one["Type"] in kinds:
                yield name, one


def statements(one: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = one["Properties"]["PolicyDocument"]["Statement"]
    return found


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_no_function_no_custom_resource_no_user_no_key_of_a_user(whole: Templates) -> None:
    kinds = {one["Type"] for _, one in resources(whole)}
    assert not [kind for kind in kinds if kind.startswith(("AWS::Lambda::", "Custom::", "AWS::CloudFormation::Custom"))]
    assert not kinds & {"AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Group", "AWS::CDK::Metadata"}


def test_every_role_carries_the_boundary_and_a_session_of_an_hour(whole: Templates) -> None:
    roles = list(resources(whole, "AWS::IAM::Role"))
    assert len(roles) >= 9
    boundaries = {json.dumps(one["Properties"].get("PermissionsBoundary")) for _, one in roles}
    assert len(boundaries) == 2, "the Ref in Foundation and its import elsewhere"
    assert all("PermissionsBoundary" in boundary for boundary in boundaries)
    assert {one["Properties"].get("MaxSessionDuration", 3600) for _, one in roles} == {3600}


def test_what_roles_are_granted_the_boundary_does_not_cut_off(whole: Templates) -> None:
    granted = {
        action
        for _, one in resources(whole, "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy")
        for statement in statements(one)
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }
    assert granted <= role_actions.ALL


def test_no_identity_policy_allows_a_wildcard_action(whole: Templates) -> None:
    for name, one in resources(whole, "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"):
        for statement in statements(one):
            if statement["Effect"] == "Allow":
                assert not [action for action in listed(statement["Action"]) if "*" in action], name


def test_nothing_that_a_changed_guardrail_replaces_is_exported(whole: Templates) -> None:
    exported = {name: one for name, one in whole["inference"]["Outputs"].items() if "Export" in one}
    assert [json.dumps(one["Value"]) for one in exported.values()] == [
        json.dumps({"Ref": name})
        for name, _ in resources(whole, "AWS::IAM::ManagedPolicy")
        if name.startswith("Invoke")
    ]


def test_every_alarm_acts_and_every_rule_has_a_target(whole: Templates) -> None:
    for name, one in resources(whole, "AWS::CloudWatch::Alarm"):
        assert one["Properties"]["AlarmActions"], name
        assert one["Properties"]["ActionsEnabled"] is True, name
    for name, one in resources(whole, "AWS::Events::Rule"):
        assert one["Properties"]["Targets"], name
        assert one["Properties"]["State"] == "ENABLED", name


@pytest.mark.parametrize(
    "call",
    [
        "UpdateGuardrail",
        "DeleteEnforcedGuardrailConfiguration",
        "CreatePolicyVersion",
        "DeleteModelInvocationLoggingConfiguration",
        "PutAccountDataRetention",
        "DeleteGuardrail",
        "UpdateStateMachine",
        "DeleteSchedule",
        "ModifyVpcEndpoint",
        "DetachRolePolicy",
        "UpdateEndpoint",
        "DisableRule",
        "DeleteAlarms",
    ],
)
def test_each_change_to_a_safeguard_reaches_the_topic(whole: Templates, call: str) -> None:
    told = [
        one
        for _, one in resources(whole, "AWS::Events::Rule")
        if call in one["Properties"]["EventPattern"]["detail"]["eventName"]
        and "AlarmTopic" in json.dumps(one["Properties"]["Targets"])
    ]
    assert told
    assert not [one for one in told if "errorCode" in json.dumps(one["Properties"]["EventPattern"])]


def test_an_enclave_that_does_not_own_the_baseline_leaves_the_account_alone(
    sandbox: Enclave, enclave_synth: Synth
) -> None:
    other = sandbox.model_copy(update={"account_baseline": False}).with_profile(sandbox.profile)
    kinds = {one["Type"] for _, one in resources({"inference": enclave_synth(other)["inference"]})}
    assert "AWS::Bedrock::Guardrail" in kinds
    assert not kinds & {"AWS::Bedrock::EnforcedGuardrailConfiguration", "AWS::StepFunctions::StateMachine"}


def test_without_hosting_there_is_no_hosting_stack(sandbox: Enclave, enclave_synth: Synth) -> None:
    other = sandbox.model_copy(update={"hosting": None}).with_profile(sandbox.profile)
    assert set(enclave_synth(other)) == {"archive", "foundation", "network", "inference", "access"}


def test_evidence_in_another_account_is_named_where_no_export_can_carry_it(
    sandbox: Enclave, enclave_synth: Synth
) -> None:
    accounts = sandbox.accounts.model_copy(update={"evidence": "444455556666"})
    templates = enclave_synth(sandbox.model_copy(update={"accounts": accounts}).with_profile(sandbox.profile))
    (audits,) = [one for name, one in resources(templates, "AWS::IAM::ManagedPolicy") if name.startswith("Audits")]
    (decrypt,) = [statement for statement in statements(audits) if statement["Sid"] == "DecryptEvidence"]
    assert decrypt["Resource"] == "arn:aws-us-gov:kms:us-gov-west-1:444455556666:key/*"
    assert decrypt["Condition"]["ForAnyValue:StringEquals"] == {"kms:ResourceAliases": "alias/sandbox-evidence"}


def test_two_enclaves_share_an_account_without_a_name_in_common(sandbox: Enclave, enclave_synth: Synth) -> None:
    def names(settings: Enclave) -> set[str]:
        keys = ("RoleName", "StateMachineName", "LogGroupName", "EndpointName", "Name", "TrailName", "PolicyName")
        return {
            one["Properties"][key]
            for _, one in resources(enclave_synth(settings))
            for key in keys
            if isinstance(one.get("Properties", {}).get(key), str)
        }

    other = sandbox.model_copy(update={"name": "other", "account_baseline": False}).with_profile(sandbox.profile)
    assert not names(sandbox) & names(other)
