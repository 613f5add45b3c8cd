"""Templates of call arguments."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.call_templates import filled, inserted

NAMES: dict[str, Any] = {"id": "vpc-1", "On": True, "Options": {"Type": "ip"}, "Policies": [{"Fields": ["a"]}]}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{id}", "vpc-1"),
        ("{On}", True),
        ("{Options.Type}", "ip"),
        ("{Policies.0}", {"Fields": ["a"]}),
        ("{Policies.1}", None),
        ({"VpcId": "{id}", "Name": "{Absent}"}, {"VpcId": "vpc-1"}),
        ({"Ids": ["{id}", "{Absent}"]}, {"Ids": ["vpc-1"]}),
        ("arn:{id}/{On}", "arn:vpc-1/true"),
        (7, 7),
    ],
)
def test_a_name_stands_for_its_value(template: Any, expected: Any) -> None:
    assert filled(template, NAMES) == expected


def test_braces_of_a_query_stay() -> None:
    assert inserted("{Name: Vpcs[?VpcId=='{id}'] | [0].Name}", NAMES) == "{Name: Vpcs[?VpcId=='vpc-1'] | [0].Name}"
