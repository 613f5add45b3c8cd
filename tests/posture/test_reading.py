"""Templates become a posture: nothing that may matter is lost, and what cannot be told is noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infra.posture.difference import differences
from infra.posture.resources import EVERYTHING
from infra.posture.template.files import Template
from infra.posture.template.read import posture_of, read
from infra.posture.values import Place
from infra.unknown import Unknown

if TYPE_CHECKING:
    from pathlib import Path

    from infra.posture.model import Posture

PLACE = Place("111122223333", "us-gov-west-1")
INGRESS = "AWS::EC2::SecurityGroupIngress"
VPC = {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}


def reading(resources: dict[str, Any], **sections: Any) -> Posture:
    return posture_of((Template("stack", "stack.json", PLACE, {"Resources": resources, **sections}),))


def undecided(posture: Posture) -> set[str]:
    return {each.collection for each in posture.undecided}


def test_what_aws_makes_with_a_vpc_is_there() -> None:
    posture = reading({"Vpc": VPC})
    (group,), (acl,), (table,) = posture.security_groups, posture.network_acls, posture.route_tables
    assert group.default
    assert group.id == "{stack/Vpc.DefaultSecurityGroup}"
    assert [rule.peer_id for rule in group.egress] == ["0.0.0.0/0"]
    assert acl.default
    assert {entry.action for entry in acl.entries} == {"allow"}
    assert table.main


def test_a_security_group_without_egress_lets_everything_out() -> None:
    properties = {"VpcId": {"Ref": "Vpc"}}
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}
    closed = {**group, "Properties": {**properties, "SecurityGroupEgress": [{"CidrIp": "10.0.0.0/16"}]}}
    posture = reading({"Vpc": VPC, "Open": group, "Closed": closed})
    by_id = {str(each.ref): each for each in posture.security_groups}
    assert [rule.peer_id for rule in by_id["stack/Open"].egress] == ["0.0.0.0/0"]
    assert [rule.peer_id for rule in by_id["stack/Closed"].egress] == ["10.0.0.0/16"]


def test_an_endpoint_without_policy_allows_everything() -> None:
    (endpoint,) = reading({"E": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"ServiceName": "s"}}}).vpc_endpoints
    assert not isinstance(endpoint.policy, Unknown)
    assert endpoint.policy.statements[0].actions == ("*",)


def test_a_second_stack_attaches_to_the_first() -> None:
    network = {"Resources": {"Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": "vpc-1"}}}}
    network["Outputs"] = {"T": {"Value": {"Ref": "Table"}, "Export": {"Name": "table"}}}
    route = {"RouteTableId": {"Fn::ImportValue": "table"}, "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}
    other = {"Resources": {"Route": {"Type": "AWS::EC2::Route", "Properties": route}}}
    posture = posture_of((Template("network", "n.json", PLACE, network), Template("other", "o.json", PLACE, other)))
    (table,) = posture.route_tables
    assert [(each.destination, each.target, each.target_id) for each in table.routes] == [
        ("0.0.0.0/0", "NatGateway", "nat-1")
    ]


@pytest.mark.parametrize(
    ("resources", "collections"),
    [
        (
            {"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Ref": "P"}}}},
            {"security_groups"},
        ),
        ({"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": "sg-1"}}}, {"security_groups"}),
        ({"Policy": {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": "some"}}}, {"buckets"}),
        ({"Bucket": {"Type": "AWS::S3::Bucket", "Condition": "Perhaps"}}, {"buckets"}),
        ({"Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {}}}, {EVERYTHING}),
        ({"Module": {"Type": "Org::Thing::MODULE", "Properties": {}}}, {EVERYTHING}),
        ({"Broken": "text"}, {EVERYTHING}),
        ({"Fn::ForEach::Loop": ["x", ["a"], {}]}, {EVERYTHING}),
    ],
)
def test_what_cannot_be_told_is_noted(resources: dict[str, Any], collections: set[str]) -> None:
    posture = reading(
        resources,
        Parameters={"P": {"Type": "String"}},
        Conditions={"Perhaps": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
    )
    assert undecided(posture) == collections


def test_a_transform_makes_everything_undecided() -> None:
    assert undecided(reading({}, Transform="AWS::Serverless-2016-10-31")) == {EVERYTHING}
    assert undecided(reading({}, Transform=["AWS::LanguageExtensions"])) == set()


def test_a_resource_left_out_by_its_condition_is_not_there() -> None:
    posture = reading({"B": {"Type": "AWS::S3::Bucket", "Condition": "No"}}, Conditions={"No": {"Fn::Equals": [1, 2]}})
    assert posture.buckets == ()
    assert posture.undecided == ()


def test_types_the_model_does_not_know_are_kept_as_they_were_read() -> None:
    (other,) = reading({"F": {"Type": "AWS::Lambda::Function", "Properties": {"Role": {"Ref": "AWS::Region"}}}}).others
    assert (other.type, other.properties.text("Role")) == ("AWS::Lambda::Function", "us-gov-west-1")


@pytest.mark.parametrize("kind", ["AWS::S3::Bucket", "AWS::EC2::VPC", "AWS::Bedrock::Guardrail", "AWS::Events::Rule"])
@pytest.mark.parametrize(
    "properties", [7, "text", [], {"Tags": 7}, {"Targets": "x"}, {"LifecycleConfiguration": []}, None]
)
def test_properties_of_the_wrong_kind_never_crash(kind: str, properties: Any) -> None:
    reading({"Thing": {"Type": kind, "Properties": properties}})


def test_properties_that_are_no_object_are_unknown() -> None:
    (bucket,) = reading({"B": {"Type": "AWS::S3::Bucket", "Properties": "text"}}).buckets
    assert isinstance(bucket.versioning, Unknown)


def test_a_key_is_known_by_its_arn_whatever_it_was_called() -> None:
    alias = {"AliasName": "alias/evidence", "TargetKeyId": {"Ref": "Key"}}
    by_name = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:alias/evidence"}
    posture = reading(
        {
            "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
            "Alias": {"Type": "AWS::KMS::Alias", "Properties": alias},
            "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"KMSKeyId": by_name}},
            "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/evidence"}},
            "Other": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": "alias/aws/sns"}},
        }
    )
    key = posture.keys[0].arn
    assert posture.trails[0].kms_key_id == key
    assert [each.kms_key_id for each in posture.topics] == ["alias/aws/sns", key]


def test_differences_name_what_differs() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}}
    suspended = {**bucket, "Properties": {"VersioningConfiguration": {"Status": "Suspended"}}}
    left = reading({"A": bucket, "B": bucket})
    right = reading({"A": suspended, "C": bucket})
    assert list(differences(left, left)) == []
    assert [(each.ref, each.value) for each in differences(left, right)] == [
        ("stack/A", "versioning"),
        ("stack/B", ""),
        ("stack/C", ""),
    ]


def test_the_default_enclave_leaves_nothing_undecided(assembly: Path) -> None:
    posture = read(assembly)
    assert posture.undecided == ()
    assert {each.type for each in posture.others} <= {
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        "AWS::KMS::Alias",
        "AWS::Scheduler::ScheduleGroup",
    }
    assert "Unknown" not in repr(posture)
