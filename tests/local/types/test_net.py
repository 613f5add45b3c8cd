"""Types of EC2, Route 53 Resolver and CloudWatch Logs: created through the type, read back equal, changed, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from infra.local.resource_type import Context, resource_types

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def context() -> Iterator[Context]:
    with mock_aws():
        yield Context(
            account="111122223333",
            region="us-gov-west-1",
            partition="aws-us-gov",
            stack_name="enclave-network",
            stack_id="arn:aws-us-gov:cloudformation:us-gov-west-1:111122223333:stack/enclave-network/1",
            logical_id="Thing",
            tags={"Owner": "operations"},
            suffix="A1B2C3D4E5F6",
        )


def round_trip(context: Context, kind: str, properties: dict[str, Any], changed: dict[str, Any]) -> str:
    """Create with every property, read it back, change it in place, read that back; the id."""
    of_stack = [{"Key": "Owner", "Value": "operations"}]
    known = resource_types()[kind]
    made = known.create(properties, context)
    for state in (properties, changed):
        if state is changed:
            known.update(made, properties, changed, context)
        found = known.read(made, context)
        assert found is not None
        expected = {**state, **({"Tags": [*of_stack, *state.get("Tags", [])]} if "Tags" in properties else {})}
        assert {name: found.get(name) for name in expected} == expected
    return made


def gone(context: Context, kind: str, made: str, properties: dict[str, Any]) -> None:
    known = resource_types()[kind]
    known.delete(made, properties, context)
    assert known.read(made, context) is None
    known.delete(made, properties, context)


def test_vpc(context: Context) -> None:
    properties = {
        "CidrBlock": "10.0.0.0/16",
        "EnableDnsHostnames": True,
        "EnableDnsSupport": True,
        "InstanceTenancy": "default",
        "Tags": [{"Key": "Purpose", "Value": "test"}],
    }
    made = round_trip(context, "AWS::EC2::VPC", properties, {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": False})
    gone(context, "AWS::EC2::VPC", made, properties)
