"""Roles of the project's other enclaves are told from strangers by the stacks that made them, not by their names."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from infra.local.cloudformation import operations
from infra.preflight.item import State
from tests.preflight.conftest import ACCOUNT, World, connected

if TYPE_CHECKING:
    from infra.settings import Enclave

ALLOW = {"Effect": "Allow", "Action": "bedrock:Invoke*", "Resource": "*"}
TRUST = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}


def other(world: World, region: str) -> Enclave:
    return world.with_settings(name="second", region=region).settings


def stack(region: str) -> None:
    """What an Access stack comes to here: a role that reaches models."""
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "RoleName": "second-workload",
            "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]},
            "Policies": [
                {"PolicyName": "models", "PolicyDocument": {"Version": "2012-10-17", "Statement": [ALLOW]}},
            ],
        },
    }
    connected(ACCOUNT, region).client("cloudformation").create_stack(
        StackName="second-access",
        TemplateBody=json.dumps({"Resources": {"Workload": role}}),
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    operations.wait(10)


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1"])
def test_roles_of_another_enclaves_stacks_are_its_own_verifications(world: World, region: str) -> None:
    stack(region)
    assert world.result("principals").answer.state is State.REFUTED
    answer = replace(world, others=(other(world, region),)).result("principals").answer
    assert answer.state is State.VERIFIED, answer
    assert "role/second-workload of enclave second, which `sallyport verify second` judges" in answer.said


def test_a_role_of_its_name_that_no_stack_made_is_a_strangers(world: World) -> None:
    iam = world.client("iam")
    document = {"Version": "2012-10-17", "Statement": [TRUST]}
    iam.create_role(RoleName="second-workload", AssumeRolePolicyDocument=json.dumps(document))
    document = {"Version": "2012-10-17", "Statement": [ALLOW]}
    iam.put_role_policy(RoleName="second-workload", PolicyName="models", PolicyDocument=json.dumps(document))
    answer = replace(world, others=(other(world, "us-gov-west-1"),)).result("principals").answer
    assert answer.state is State.REFUTED
    assert "role/second-workload (reaches models)" in answer.said
