"""Drift: what somebody changed behind CloudFormation's back is found, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.cloudformation import drift
from infra.local.resource_type import Refused, resource_types
from tests.local.engine.templates import NO_WAY, parameter, queue, template

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_the_stacks_tags_are_no_drift_and_anybody_elses_are(stacks: Stacks) -> None:
    own = {"Q": queue(Tags=[{"Key": "own", "Value": "1"}])}
    stacks.create("one", template(**own), Tags=[{"Key": "stack", "Value": "2"}])
    assert detected(stacks, "one")[0] == "IN_SYNC"
    url = stacks.physical("one")["Q"]
    stacks.server.client("sqs").tag_queue(QueueUrl=url, Tags={"stray": "3"})
    (difference,) = detected(stacks, "one")[1]["Q"]["PropertyDifferences"]
    assert difference["DifferenceType"] == "ADD"
    assert json.loads(difference["ActualValue"]) == {"Key": "stray", "Value": "3"}


def test_a_rule_that_somebody_adds_to_a_security_group_is_found_where_the_template_has_rules(stacks: Stacks) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
    said: dict[str, Any] = {"GroupDescription": "g", "VpcId": {"Ref": "V"}}
    stacks.create(
        "one",
        template(
            V={"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            With={"Type": "AWS::EC2::SecurityGroup", "Properties": {**said, "SecurityGroupIngress": [rule]}},
            Without={"Type": "AWS::EC2::SecurityGroup", "Properties": said},
        ),
    )
    assert detected(stacks, "one")[0] == "IN_SYNC"
    added = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    for name in ("With", "Without"):
        stacks.server.client("ec2").authorize_security_group_ingress(
            GroupId=stacks.physical("one")[name], IpPermissions=[added]
        )
    found = detected(stacks, "one")[1]
    (difference,) = found["With"]["PropertyDifferences"]
    assert (difference["PropertyPath"], difference["DifferenceType"]) == ("/SecurityGroupIngress/1", "ADD")
    assert json.loads(difference["ActualValue"])["CidrIp"] == "0.0.0.0/0"
    assert found["Without"]["StackResourceDriftStatus"] == "IN_SYNC"  # as on AWS: the template says nothing of rules


def test_what_is_gone_has_no_properties_and_only_what_is_named_is_looked_at(stacks: Stacks) -> None:
    stacks.create("one", template(P=parameter("x", "/p"), R=parameter("y")))
    stacks.server.client("ssm").delete_parameter(Name="/p")
    stacks.api.detect_stack_drift(StackName="one", LogicalResourceIds=["P"])
    (told,) = stacks.api.describe_stack_resource_drifts(StackName="one")["StackResourceDrifts"]
    assert (told["LogicalResourceId"], told["StackResourceDriftStatus"]) == ("P", "DELETED")
    assert not told.keys() & {"ExpectedProperties", "ActualProperties", "PropertyDifferences"}
    resources = stacks.api.describe_stack_resources(StackName="one")["StackResources"]
    assert {r["LogicalResourceId"]: r["DriftInformation"]["StackResourceDriftStatus"] for r in resources} == {
        "P": "DELETED",
        "R": "NOT_CHECKED",
    }
    with pytest.raises(ClientError, match="Resource S does not exist"):
        stacks.api.detect_stack_drift(StackName="one", LogicalResourceIds=["S"])


def test_what_cannot_be_read_is_unknown_and_not_in_sync(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks.create("one", template(P=parameter("x"), Q=queue()))

    def unreadable(*_: Any) -> None:
        raise Refused("ThrottlingException", "Rate exceeded")

    monkeypatch.setattr(type(resource_types()["AWS::SQS::Queue"]), "read", unreadable)
    detection = stacks.api.detect_stack_drift(StackName="one")["StackDriftDetectionId"]
    told = stacks.api.describe_stack_drift_detection_status(StackDriftDetectionId=detection)
    assert (told["DetectionStatus"], told["StackDriftStatus"]) == ("DETECTION_FAILED", "UNKNOWN")
    (failure,) = json.loads(told["DetectionStatusReason"])["Failures"]
    assert failure["Resource"] == "Q"
    assert "Rate exceeded" in failure["FailureReason"]


def test_a_stack_that_did_not_come_to_be_is_not_looked_at(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("create")
    stacks.create("one", template(P=parameter(NO_WAY)))
    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE state and can not be checked for drift"):
        stacks.api.detect_stack_drift(StackName="one")


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
            ["/Tags/1"],
        ),
        ({"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": [{"Key": "a", "Value": "2"}]}, ["/Tags/0", "/Tags/1"]),
    ],
)
def test_only_what_the_template_says_is_compared(expected: Any, actual: Any, paths: list[str]) -> None:
    assert [found["PropertyPath"] for found in drift.differences(SCHEMA, expected, actual)] == paths
