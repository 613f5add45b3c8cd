"""What the page says of a type's properties is what the type itself takes and refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from infra.local.mirrored import Mirrored, mirrored

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def told() -> dict[str, Mirrored]:
    return {each.type: each for each in mirrored()}


def test_every_property_of_the_enclave_s_templates_is_told_as_mirrored(
    told: dict[str, Mirrored], assembly: Path
) -> None:
    templates = [json.loads(path.read_text()) for path in assembly.glob("*.template.json")]
    used = {
        (resource["Type"], name)
        for template in templates
        for resource in template["Resources"].values()
        for name in resource.get("Properties", {})
    }
    assert len(used) > 100
    assert {(kind, name) for kind, name in used if name not in told[kind].properties} == set()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("AWS::S3::Bucket", "AbacStatus"),  # by a table of its own
        ("AWS::EC2::VPC", "Ipv4IpamPoolId"),  # `lacks` of a declared type
        ("AWS::SNS::Subscription", "ReplayPolicy"),  # named beside another
        ("AWS::ApplicationAutoScaling::ScalableTarget", "ScheduledActions"),  # no member of the call
    ],
)
def test_what_a_type_refuses_is_told_as_failing(told: dict[str, Mirrored], kind: str, name: str) -> None:
    assert name in told[kind].lacking
    assert name not in told[kind].properties


def test_a_part_that_is_refused_is_told_by_its_path(told: dict[str, Mirrored]) -> None:
    assert "Targets" in told["AWS::Events::Rule"].properties
    assert "Targets.EcsParameters.TagList" in told["AWS::Events::Rule"].parts
