"""Every intrinsic function gives what CloudFormation gives, and Unknown where that cannot be known."""

from __future__ import annotations

from typing import Any

import pytest

from infra.posture.template.files import Template
from infra.posture.template.scope import World
from infra.posture.values import Place
from infra.unknown import Unknown

BODY = {
    "Parameters": {
        "Name": {"Type": "String", "Default": "alpha"},
        "Handed": {"Type": "String", "Default": "default"},
        "Open": {"Type": "String"},
        "Names": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
        "Version": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/path"},
    },
    "Mappings": {"Regions": {"us-gov-west-1": {"Size": "large"}}},
    "Conditions": {
        "Yes": {"Fn::Equals": [{"Ref": "Name"}, "alpha"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Perhaps": {"Fn::Equals": [{"Ref": "Open"}, "x"]},
        "YesAnyway": {"Fn::Or": [{"Condition": "Perhaps"}, {"Condition": "Yes"}]},
        "NoAnyway": {"Fn::And": [{"Condition": "Perhaps"}, {"Condition": "No"}]},
        "Circle": {"Condition": "Circle"},
    },
    "Resources": {
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "worker", "Path": "/app/"}},
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Custom": {"Type": "Custom::Thing", "Properties": {}},
        "Guardrail": {"Type": "AWS::Bedrock::Guardrail", "Properties": {}},
        "Minted": {
            "Type": "AWS::Bedrock::GuardrailVersion",
            "Properties": {"GuardrailIdentifier": {"Ref": "Guardrail"}},
        },
        "Gone": {"Type": "AWS::KMS::Key", "Condition": "No"},
    },
}
OTHER = {
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}}},
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Bucket", "Arn"]}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-arn"}}},
        "Self": {"Value": {"Fn::ImportValue": "self"}, "Export": {"Name": "self"}},
    },
}
PLACE = Place("111122223333", "us-gov-west-1")
KEY_ARN = "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/{main/Key}"


def give(expression: Any) -> Any:
    main = Template("main", "main.json", PLACE, BODY, parameters={"Handed": "handed"})
    other = Template("other", "other.json", PLACE, OTHER)
    elsewhere = Template("far", "far.json", Place("111122223333", "us-gov-east-1"), OTHER)
    return World((main, other, elsewhere)).scopes[0].value(expression)


@pytest.mark.parametrize(
    ("expression", "given"),
    [
        ({"Ref": "Name"}, "alpha"),
        ({"Ref": "Handed"}, "handed"),
        ({"Ref": "Names"}, ["a", "b", "c"]),
        ({"Ref": "AWS::Partition"}, "aws-us-gov"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "Key"}, "{main/Key}"),
        ({"Ref": "Role"}, "worker"),
        ({"Ref": "Topic"}, "arn:aws-us-gov:sns:us-gov-west-1:111122223333:{main/Topic}"),
        ({"Fn::GetAtt": ["Key", "Arn"]}, KEY_ARN),
        ({"Fn::GetAtt": "Key.Arn"}, KEY_ARN),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn:aws-us-gov:iam::111122223333:role/app/worker"),
        ({"Fn::GetAtt": ["Vpc", "CidrBlock"]}, "10.0.0.0/16"),
        ({"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}, "{main/Vpc.DefaultSecurityGroup}"),
        ({"Fn::GetAtt": ["Minted", "Version"]}, "{main/Minted.Version}"),
        ({"Fn::GetAtt": ["Minted", "GuardrailId"]}, "{main/Guardrail}"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, 1, True]]}, "a-alpha-1-true"),
        ({"Fn::Sub": "${Name} ${Key.Arn} ${!Name}"}, f"alpha {KEY_ARN} ${{Name}}"),
        ({"Fn::Sub": ["${x}-${Name}", {"x": {"Ref": "AWS::Region"}}]}, "us-gov-west-1-alpha"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::Select": ["0", {"Ref": "Names"}]}, "a"),
        ({"Fn::If": ["Yes", "then", "else"]}, "then"),
        ({"Fn::If": ["No", "then", "else"]}, "else"),
        ({"Fn::If": ["Perhaps", "same", "same"]}, "same"),
        ({"Fn::If": ["YesAnyway", 1, 2]}, 1),
        ({"Fn::If": ["NoAnyway", 1, 2]}, 2),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Size"]}, "large"),
        ({"Fn::FindInMap": ["Regions", "nowhere", "Size", {"DefaultValue": "small"}]}, "small"),
        ({"Fn::ImportValue": "other-arn"}, "arn:aws-us-gov:s3:::{other/Bucket}"),
        ({"Fn::GetStackOutput": {"StackName": "other", "OutputName": "Arn"}}, "arn:aws-us-gov:s3:::{other/Bucket}"),
        ({"Fn::Cidr": ["10.0.0.0/24", 2, "6"]}, ["10.0.0.0/26", "10.0.0.64/26"]),
        ({"Fn::Base64": "a"}, "YQ=="),
        ({"Fn::Length": {"Ref": "Names"}}, 3),
        ({"Fn::ToJsonString": {"a": {"Ref": "Name"}}}, '{"a":"alpha"}'),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [{"Ref": "AWS::NoValue"}, 1]}, {"b": [1]}),
        # `Condition` inside a policy is no function
        ({"Condition": {"StringEquals": {"k": "v"}}}, {"Condition": {"StringEquals": {"k": "v"}}}),
    ],
)
def test_gives(expression: Any, given: Any) -> None:
    assert give(expression) == given


@pytest.mark.parametrize(
    "expression",
    [
        {"Ref": "Open"},
        {"Ref": "Version"},
        {"Ref": "Nothing"},
        {"Ref": ["a"]},
        {"Ref": "AWS::StackId"},
        {"Ref": "Gone"},
        {"Fn::GetAtt": ["Custom", "Value"]},
        {"Fn::GetAtt": "Key"},
        {"Fn::GetAtt": [1, 2]},
        {"Fn::Join": ["-", ["a", {"Ref": "Open"}]]},
        {"Fn::Join": ["-", "a"]},
        {"Fn::Join": "a"},
        {"Fn::Sub": "a ${Open}"},
        {"Fn::Sub": 7},
        {"Fn::Select": [9, ["a"]]},
        {"Fn::Select": ["x", ["a"]]},
        {"Fn::If": ["Perhaps", 1, 2]},
        {"Fn::If": ["Circle", 1, 2]},
        {"Fn::If": ["Undeclared", 1, 2]},
        {"Fn::If": []},
        {"Fn::FindInMap": ["Regions", "nowhere", "Size"]},
        {"Fn::ImportValue": "nobody-exports-it"},
        {"Fn::ImportValue": "self"},
        {"Fn::GetStackOutput": {"StackName": "nobody", "OutputName": "x"}},
        {"Fn::Cidr": ["not a network", 1, 1]},
        {"Fn::GetAZs": ""},
        {"Fn::Transform": {"Name": "AWS::Include"}},
        {"Fn::Unheard": 1},
        "{{resolve:ssm:/secret}}",
    ],
)
def test_is_unknown(expression: Any) -> None:
    assert isinstance(give(expression), Unknown)


def test_an_unknown_stays_where_it_stands() -> None:
    value = give({"known": 1, "list": [{"Ref": "Open"}, "x"]})
    assert value["known"] == 1
    assert isinstance(value["list"][0], Unknown)
    assert value["list"][1] == "x"
