"""Who may take a person's role: the declared identity provider's people, and nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from infra.constructs.federated_role import FederatedRole
from infra.constructs.role import ManagedPolicy

if TYPE_CHECKING:
    from infra.settings import Enclave

OIDC = "arn:aws-us-gov:iam::111122223333:oidc-provider/login.example.gov/realms/department"


def role(settings: Enclave) -> dict[str, Any]:
    stack = Stack(App(), "S", env=Environment(account=settings.accounts.enclave, region=settings.region))
    boundary = ManagedPolicy(stack, "Boundary", statements=[])
    FederatedRole(
        stack, "Role", settings=settings, boundary=boundary, role="operator", description="runs it", policies=[]
    )
    (found,) = Template.from_stack(stack).find_resources("AWS::IAM::Role").values()
    properties: dict[str, Any] = found["Properties"]
    return properties


def test_saml_people_come_by_the_partition_s_own_sign_in_address(sandbox: Enclave) -> None:
    found = role(sandbox)
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Federated": sandbox.identity_provider}
    assert set(statement["Action"]) == {"sts:AssumeRoleWithSAML", "sts:TagSession"}
    assert statement["Condition"] == {"StringEquals": {"SAML:aud": "https://signin.amazonaws-us-gov.com/saml"}}
    assert (found["RoleName"], found["MaxSessionDuration"]) == ("sandbox-operator", 3600)


def test_an_oidc_token_must_assert_the_role_for_the_provider_does_not_choose_it(sandbox: Enclave) -> None:
    found = role(sandbox.model_copy(update={"identity_provider": OIDC}))
    (statement,) = found["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Federated": OIDC}
    assert set(statement["Action"]) == {"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}
    assert statement["Condition"] == {
        "StringEquals": {
            "login.example.gov/realms/department:aud": "sts.amazonaws.com",
            "aws:RequestTag/SallyportRole": "sandbox-operator",
        }
    }


def test_a_partition_whose_sign_in_address_is_unknown_is_refused(sandbox: Enclave) -> None:
    with pytest.raises(ValueError, match="no SAML sign-in address is known for partition aws-iso-f"):
        role(sandbox.model_copy(update={"partition": "aws-iso-f"}))
