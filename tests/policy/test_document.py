"""However a policy is spelt, the same policy is the same value, and what cannot be read is Unknown."""

from __future__ import annotations

from typing import Any

import pytest

from infra.policy.document import Document, parse
from infra.unknown import Unknown


def statement(**elements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", **elements}]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(Resource="a"), statement(Resource=["a"])),
        (statement(Resource=["a", "b"]), statement(Resource=["b", "a", "b"])),
        (statement(Principal="*"), statement(Principal={"AWS": ["*"]})),
        (
            statement(Principal={"AWS": "arn:aws-us-gov:iam::111122223333:root"}),
            statement(Principal={"AWS": "111122223333"}),
        ),
        (
            statement(Condition={"Bool": {"aws:SecureTransport": False}}),
            statement(Condition={"Bool": {"aws:SecureTransport": ["false"]}}),
        ),
        (statement(Resource="a"), {**statement(), "Statement": {**statement()["Statement"][0], "Resource": "a"}}),
    ],
)
def test_the_same_policy_is_the_same_value(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert parse(one) == parse(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (statement(Resource="a"), statement(NotResource="a")),
        (statement(Resource=[]), statement()),
        (statement(Principal={"AWS": "*"}), statement(Principal={"Service": "*"})),
        (statement(Resource="a"), {**statement(Resource="a"), "Version": "2008-10-17"}),
    ],
)
def test_what_differs_is_not_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert parse(one) != parse(other)


@pytest.mark.parametrize("policy", ["not json", 7, [], Unknown("a parameter")])
def test_what_is_no_policy_is_unknown(policy: Any) -> None:
    assert isinstance(parse(policy), Unknown)


def test_an_unknown_stays_where_it_stands() -> None:
    why = Unknown("a parameter")
    document = parse(statement(Resource=["a", why]))
    assert isinstance(document, Document)
    assert document.statements[0].resources == ("a", why)
