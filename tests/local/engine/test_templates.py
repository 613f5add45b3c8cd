"""Templates: both syntaxes, the shape and limits that CloudFormation asks for, order and parameters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from infra.local.cloudformation import graph
from infra.local.cloudformation.parameters import Given, resolve
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.template import read
from infra.local.cloudformation.text import parse
from infra.local.rules.cloudformation_stack import BODY_BYTES

SHORT = """
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      Arn: !GetAtt Other.Nested.Arn
      Name: !Sub '${AWS::StackName}-x'
      Path: !If [Cond, !Ref A, !Ref "AWS::NoValue"]
      List: !Split [",", !ImportValue x]
      Condition: !Condition Cond
      Assume: {Version: 2012-10-17, On: yes, 012345678901: [a]}
"""


def test_short_forms_are_the_long_ones_and_dates_stay_text() -> None:
    assert parse(SHORT)["Resources"]["Role"]["Properties"] == {
        "Arn": {"Fn::GetAtt": ["Other", "Nested.Arn"]},
        "Name": {"Fn::Sub": "${AWS::StackName}-x"},
        "Path": {"Fn::If": ["Cond", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
        "List": {"Fn::Split": [",", {"Fn::ImportValue": "x"}]},
        "Condition": {"Condition": "Cond"},
        "Assume": {"Version": "2012-10-17", "On": True, "012345678901": ["a"]},
    }


QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "JSON not well-formed"),
        ("a: [", "YAML not well-formed. .line 2"),
        ("- a", "unsupported structure"),
        ({"Resource": {}}, r"Invalid template property or properties \[Resource\]"),
        ({"Resources": {}}, "At least one Resources member"),
        ({"Resources": {"Q": QUEUE}, "Transform": "AWS::Serverless-2016-10-31"}, "runs no transform: AWS::Serverless"),
        ({"Resources": {"Fn::ForEach::X": []}}, "does not support Fn::ForEach::X"),
        ({"Resources": {"Q-1": QUEUE}}, "Q-1 is non alphanumeric"),
        ({"Resources": {"Q": {}}}, "must contain a Type member"),
        ({"Resources": {"Q": {**QUEUE, "Propertys": {}}}}, "Invalid template resource property 'Propertys'"),
        ({"Resources": {"Q": {**QUEUE, "DeletionPolicy": "Snapshot"}}}, "AWS::SQS::Queue does not support .* Snapshot"),
        ({"Resources": {"Q": {**QUEUE, "DeletionPolicy": "Keep"}}}, "Unrecognized DeletionPolicy Keep for resource Q"),
        ({"Resources": {"Q": {**QUEUE, "UpdateReplacePolicy": "RetainExceptOnCreate"}}}, "Unrecognized UpdateReplace"),
        ({"Resources": {f"Q{n}": QUEUE for n in range(501)}}, "Number of resources, 501, is greater than .* 500"),
        ({"Resources": {"Q": QUEUE}, "Outputs": {f"O{n}": {} for n in range(201)}}, "Number of outputs, 201"),
        ({"Resources": {"Q": QUEUE}, "Description": "x" * BODY_BYTES}, "less than or equal to 51200"),
    ],
)
def test_a_template_of_another_shape_is_refused(text: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        read(text if isinstance(text, str) else json.dumps(text), BODY_BYTES)


def needs(resources: dict[str, Any], **conditions: bool) -> dict[str, frozenset[str]]:
    declared = {name: {"Fn::Equals": [1, 1]} for name in conditions}
    wanted = read(json.dumps({"Resources": resources, "Conditions": declared}))
    return graph.dependencies(wanted, conditions)


def of(value: Any, **beside: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Value": value}, **beside}


def test_order_follows_every_way_to_need_another() -> None:
    found = needs(
        {
            "Sub": of({"Fn::Sub": ["${L}${Att.Arn}", {"L": {"Ref": "Ref"}}]}),
            "Att": of({"Fn::GetAtt": "Dep.Arn"}),
            "Ref": of({"Fn::Join": ["", [{"Ref": "Dep"}, {"Ref": "AWS::Region"}]]}),
            "Dep": of("x", DependsOn=["First"]),
            "First": of("x"),
        }
    )
    assert found["Sub"] == {"Att", "Ref"}
    assert graph.ordered(found, found) == ["First", "Dep", "Att", "Ref", "Sub"]


def test_a_branch_not_taken_needs_nothing_and_a_resource_left_out_is_not_waited_for() -> None:
    found = needs(
        {
            "A": of({"Fn::If": ["Gone", {"Ref": "B"}, "x"]}, DependsOn="B"),
            "B": of("x", Condition="Gone"),
        },
        Gone=False,
    )
    assert found == {"A": frozenset()}


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({"A": of({"Ref": "B"}), "B": of({"Ref": "A"})}, r"Circular dependency between resources: \[A, B\]"),
        ({"A": of({"Ref": "Nobody"})}, r"Unresolved resource dependencies \[Nobody\]"),
        ({"A": of("x", DependsOn="Nobody")}, r"Unresolved resource dependencies \[Nobody\]"),
        ({"A": of({"Ref": "B"}), "B": of("x", Condition="Gone")}, r"Unresolved resource dependencies \[B\]"),
    ],
)
def test_what_cannot_be_ordered_is_refused(resources: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        needs(resources, Gone=False)


def values(declared: dict[str, Any], previous: dict[str, Given] | None = None, **given: str) -> dict[str, Any]:
    asked = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    found = resolve(declared, asked, previous or {}, {"/ami": "ami-1", "/azs": "a, b"}.__getitem__)
    return {name: item.value for name, item in found.items()}


def test_parameters_have_the_values_of_their_types() -> None:
    declared = {
        "Text": {"Type": "String", "Default": True},
        "Number": {"Type": "Number", "Default": 3},
        "List": {"Type": "CommaDelimitedList"},
        "Empty": {"Type": "CommaDelimitedList", "Default": ""},
        "Numbers": {"Type": "List<Number>", "Default": "1,2"},
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/ami"},
        "StoredList": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/azs"},
    }
    assert values(declared, List="x, y") == {
        "Text": "true",
        "Number": "3",
        "List": ["x", "y"],
        "Empty": [],
        "Numbers": ["1", "2"],
        "Stored": "ami-1",
        "StoredList": ["a", "b"],
    }


@pytest.mark.parametrize(
    ("declaration", "value", "said"),
    [
        ({"Type": "Number"}, "x", "'P' must be a number"),
        ({"Type": "Number", "MaxValue": 3}, "4", "not greater than 3"),
        ({"Type": "Number", "MinValue": 3}, "2", "not less than 3"),
        ({"AllowedValues": ["a", 1]}, "b", "'P' must be one of AllowedValues"),
        ({"AllowedPattern": "[a-z]+"}, "a1", r"must match pattern \[a-z\]\+"),
        ({"AllowedPattern": "[a-z]+", "ConstraintDescription": "letters, please"}, "1", "constraint: letters, please"),
        ({"MinLength": 2}, "a", "at least 2 characters"),
        ({"MaxLength": 2}, "abc", "at most 2 characters"),
        ({"Type": "List<Number>"}, "1,x", "must be a number"),
    ],
)
def test_a_value_outside_its_constraint_is_refused(declaration: dict[str, Any], value: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        values({"P": declaration}, P=value)


def test_parameters_unknown_or_without_a_value_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"Parameters: \[Q\] do not exist in the template"):
        values({"P": {"Default": "x"}}, Q="1")
    with pytest.raises(ValidationError, match=r"Parameters: \[P\] must have values"):
        values({"P": {"Type": "String"}})


def test_a_secret_is_never_shown() -> None:
    given = resolve({"P": {"NoEcho": "true"}}, [{"ParameterKey": "P", "ParameterValue": "s"}], {}, str)["P"]
    assert given.value == "s"
    assert given.shown() == {"ParameterKey": "P", "ParameterValue": "****"}
