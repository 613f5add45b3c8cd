"""AWS::SSM::Parameter: made through the type, read back equal, changed, gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from infra.local.resource_type import Context

PARAMETER = {
    "Name": "/enclave/version",
    "Type": "String",
    "Value": "33",
    "Description": "which version",
    "AllowedPattern": r"\d+",
    "Tags": {"Owner": "operations"},
}


def test_a_parameter_reads_back_as_it_was_made(aws: Context) -> None:
    kind = resource_types()["AWS::SSM::Parameter"]
    made = kind.create(PARAMETER, aws)
    read = kind.read(made, aws) or {}
    assert {name: read.get(name) for name in PARAMETER} == PARAMETER
    kind.delete(made, PARAMETER, aws)
    assert kind.read(made, aws) is None
