"""Drift: what somebody changed behind CloudFormation's back is found, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.cloudformation import drift
from tests.local.engine.templates import parameter, queue, template

if TYPE_CHECKING:
    from tests.local.engine.conftest import Stacks


def detected(stacks: Stacks, name: str) -> tuple[str, dict[str, Any]]:
    """The stack's verdict, and what is told of each resource."""
    detection = stacks.api.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    told = stacks.api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert told["DetectionStatus"] == "DETECTION_COMPLETE"
    drifts = stacks.api.describe_stack_resource_drifts(StackName=name)["StackResourceDrifts"]
    return told["StackDriftStatus"], {found["LogicalResourceId"]: found for found in drifts}


def test_what_nobody_touched_has_not_drifted(stacks: Stacks) -> None:
    stacks.create("one", template(Q=queue(VisibilityTimeout="45"), P=parameter("x")), Tags=[{"Key": "a", "Value": "b"}])
    verdict, found = detected(stacks, "one")
    assert verdict == "IN_SYNC"
    assert {name: told["StackResourceDriftStatus"] for name, told in found.items()} == {"P": "IN_SYNC", "Q": "IN_SYNC"}


def test_what_was_changed_or_deleted_is_found(stacks: Stacks) -> None:
    stacks.create("one", template(Q=queue(VisibilityTimeout=45), P=parameter("x", "/p"), Same=parameter("y")))
    url = stacks.physical("one")["Q"]
    stacks.server.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "50"})
    stacks.server.client("ssm").delete_parameter(Name="/p")
    verdict, found = detected(stacks, "one")
    assert verdict == "DRIFTED"
    assert found["P"]["StackResourceDriftStatus"] == "DELETED"
    assert found["Same"]["StackResourceDriftStatus"] == "IN_SYNC"
    assert found["Q"]["StackResourceDriftStatus"] == "MODIFIED"
    assert found["Q"]["PropertyDifferences"] == [
        {
            "PropertyPath": "/VisibilityTimeout",
            "ExpectedValue": "45",
            "ActualValue": "50",
            "DifferenceType": "NOT_EQUAL",
        }
    ]
    modified = stacks.api.describe_stack_resource_drifts(StackName="one", StackResourceDriftStatusFilters=["MODIFIED"])[
        "StackResourceDrifts"
    ]
    assert [told["LogicalResourceId"] for told in modified] == ["Q"]
    assert stacks.stands("one")["DriftInformation"]["StackDriftStatus"] == "DRIFTED"


def test_one_resource_is_looked_at_alone(stacks: Stacks) -> None:
    stacks.create("one", template(P=parameter("x", "/p")))
    stacks.server.client("ssm").put_parameter(Name="/p", Value="z", Overwrite=True)
    told = stacks.api.detect_stack_resource_drift(StackName="one", LogicalResourceId="P")["StackResourceDrift"]
    assert told["StackResourceDriftStatus"] == "MODIFIED"
    with pytest.raises(ClientError, match="Resource Q does not exist"):
        stacks.api.detect_stack_resource_drift(StackName="one", LogicalResourceId="Q")


SCHEMA = {
    "properties": {
        "Set": {"type": "array", "insertionOrder": False, "items": {"$ref": "#/definitions/Item"}},
        "List": {"type": "array"},
        "Policy": {"type": ["object", "string"]},
    },
    "definitions": {"Item": {"properties": {"Port": {"type": "integer"}}}},
}


@pytest.mark.parametrize(
    ("expected", "actual", "paths"),
    [
        ({"A": 1}, {"A": 1, "Added": 2}, []),
        ({"A": {"B": "1"}}, {"A": {"B": 1, "Default": 0}}, []),
        ({"A": {"B": True}}, {"A": {"B": "true"}}, []),
        ({"A": {"B": 1}}, {"A": {"B": 2}}, ["/A/B"]),
        ({"A": 1}, {}, ["/A"]),
        ({"Set": [{"Port": 1}, {"Port": 2}]}, {"Set": [{"Port": 2}, {"Port": 1, "More": 0}]}, []),
        ({"Set": [{"Port": 1}]}, {"Set": [{"Port": 1}, {"Port": 2}]}, ["/Set/1"]),
        ({"List": [1, 2]}, {"List": [2, 1]}, ["/List/0", "/List/1"]),
        ({"Policy": {"a": [1]}}, {"Policy": '{"a": [1]}'}, []),
        (
            {"Tags": [{"Key": "a", "Value": "1"}]},
            {"Tags": [{"Key": "s", "Value": "2"}, {"Key": "a", "Value": "1"}]},
            [],
        ),
        ({"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": [{"Key": "a", "Value": "2"}]}, ["/Tags/0"]),
    ],
)
def test_only_what_the_template_says_is_compared(expected: Any, actual: Any, paths: list[str]) -> None:
    assert [found["PropertyPath"] for found in drift.differences(SCHEMA, expected, actual)] == paths
