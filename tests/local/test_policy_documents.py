"""Policy documents: read in each of the forms that AWS takes, and whom they may name."""

from __future__ import annotations

import json

import pytest
from moto import mock_aws

from infra.local.clients import client
from infra.local.policy_documents import entries, parsed, principals, statements, unknown_principals
from infra.local.services.iam import extend


@pytest.mark.parametrize("text", ["", "not json", "[]", '"text"'])
def test_what_is_no_json_object_is_no_policy(text: str) -> None:
    assert parsed(text) is None


def test_one_statement_and_one_entry_need_no_list() -> None:
    document = {"Statement": {"Action": "s3:Get*", "Principal": "*"}}
    assert statements(document) == [document["Statement"]]
    assert entries(document["Statement"], "Action") == ["s3:Get*"]
    assert principals(document) == ["*"]


@mock_aws
@pytest.mark.parametrize(
    ("principal", "known"),
    [
        ("*", True),
        ("111122223333", True),
        ("arn:aws-us-gov:iam::111122223333:root", True),
        ("arn:aws-us-gov:sts::111122223333:assumed-role/any/session", True),
        ("arn:aws-us-gov:iam::111122223333:role/path/there", True),
        ("arn:aws-us-gov:iam::111122223333:role/there", False),
        ("arn:aws-us-gov:iam::111122223333:role/nobody", False),
        ("arn:aws-us-gov:iam::111122223333:user/nobody", False),
        ("AROAEXAMPLEOFADELETEDROLE", False),
        ("111", False),
    ],
)
def test_a_principal_is_known_if_it_is_there(principal: str, known: bool) -> None:
    extend()
    iam = client("iam", "111122223333", "us-gov-west-1")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "states.amazonaws.com"}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName="there", Path="/path/", AssumeRolePolicyDocument=document)
    named = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": [principal]}}]}
    assert unknown_principals(named) == ([] if known else [principal])
