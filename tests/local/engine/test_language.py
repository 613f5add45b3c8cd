"""The template language: every function, and what it refuses."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from infra.local.cloudformation.conditions import check_rules, resolved
from infra.local.cloudformation.intrinsics import AFTER_APPLY, Scope, evaluate
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.template import LANGUAGE_EXTENSIONS, Template

TEMPLATE = Template(
    text="",
    resources={},
    mappings={"Sizes": {"gov": {"small": 1, "zones": ["a", "b"]}}},
    conditions={
        "Yes": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        "No": {"Fn::Not": [{"Condition": "Yes"}]},
        "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
        "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
    },
    transforms=(LANGUAGE_EXTENSIONS,),
)


def attribute(logical_id: str, name: str) -> Any:
    return {("Key", "Arn"): "arn:key", ("New", "Arn"): AFTER_APPLY, ("Db", "Endpoint.Port"): "5432"}[logical_id, name]


SCOPE = resolved(
    Scope(
        template=TEMPLATE,
        parameters={"Stage": "prod", "Names": ["x", "y", "z"]},
        pseudo={"AWS::Region": "us-gov-west-1", "AWS::Partition": "aws-us-gov", "AWS::URLSuffix": "amazonaws.com"},
        reference={"Key": "key-1", "New": AFTER_APPLY}.__getitem__,
        attribute=attribute,
        imported={"net-vpc": "vpc-1"}.__getitem__,
        zones=lambda region: [f"{region}a", f"{region}b"],
        dynamic=lambda service, rest: f"<{service} {rest}>",
    )
)


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "Stage"}, "prod"),
        ({"Ref": "Key"}, "key-1"),
        ({"Ref": "AWS::Partition"}, "aws-us-gov"),
        ({"Ref": "Names"}, ["x", "y", "z"]),
        ({"Fn::GetAtt": ["Key", "Arn"]}, "arn:key"),
        ({"Fn::GetAtt": "Key.Arn"}, "arn:key"),
        ({"Fn::GetAtt": ["Db", "Endpoint.Port"]}, "5432"),
        ({"Fn::GetAtt": ["Db", "Endpoint", "Port"]}, "5432"),
        ({"Fn::Sub": "${Stage}-${Key}-${Key.Arn}-${!Literal}"}, "prod-key-1-arn:key-${Literal}"),
        ({"Fn::Sub": ["${A}${ B }", {"A": {"Ref": "Stage"}, "B": 1}]}, "prod1"),
        ({"Fn::Join": ["-", ["a", 1, True, {"Ref": "Stage"}]]}, "a-1-true-prod"),
        ({"Fn::Join": [",", {"Ref": "Names"}]}, "x,y,z"),
        ({"Fn::Select": [1, {"Ref": "Names"}]}, "y"),
        ({"Fn::Select": ["0", {"Fn::GetAZs": ""}]}, "us-gov-west-1a"),
        ({"Fn::GetAZs": {"Ref": "AWS::Region"}}, ["us-gov-west-1a", "us-gov-west-1b"]),
        ({"Fn::Split": ["/", "a/b"]}, ["a", "b"]),
        ({"Fn::If": ["Yes", 1, 2]}, 1),
        ({"Fn::If": ["Both", 1, 2]}, 2),
        ({"Fn::If": ["Either", {"Ref": "Stage"}, 2]}, "prod"),
        ({"Fn::FindInMap": ["Sizes", "gov", "small"]}, 1),
        ({"Fn::FindInMap": ["Sizes", "gov", "huge", {"DefaultValue": 9}]}, 9),
        ({"Fn::ImportValue": {"Fn::Sub": "net-vpc"}}, "vpc-1"),
        ({"Fn::Cidr": ["10.0.0.0/16", 2, 8]}, ["10.0.0.0/24", "10.0.1.0/24"]),
        ({"Fn::Cidr": ["fd00::/56", "1", "64"]}, ["fd00::/64"]),
        ({"Fn::Base64": "hi"}, base64.b64encode(b"hi").decode()),
        ({"Fn::Length": {"Ref": "Names"}}, 3),
        ({"Fn::ToJsonString": {"a": [{"Ref": "Stage"}]}}, '{"a":["prod"]}'),
        ("{{resolve:ssm:/name:1}}", "<ssm /name:1>"),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
        # An IAM statement's Condition, and any other key of one member, is no function.
        (
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        ),
        ({"Fn::If": ["No", "x", {"Ref": "AWS::NoValue"}]}, None),
    ],
)
def test_a_function_has_its_value(node: Any, value: Any) -> None:
    found = evaluate([node], SCOPE)
    assert found == ([] if value is None else [value])


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": "New"},
        {"Fn::GetAtt": ["New", "Arn"]},
        {"Fn::Sub": "x${New}"},
        {"Fn::Sub": ["${A}", {"A": {"Fn::GetAtt": "New.Arn"}}]},
        {"Fn::Join": ["", ["x", {"Ref": "New"}]]},
        {"Fn::Select": [0, {"Fn::Split": ["/", {"Ref": "New"}]}]},
        {"Fn::Base64": {"Ref": "New"}},
        {"Fn::ToJsonString": {"a": {"Ref": "New"}}},
        {"Fn::Cidr": [{"Ref": "New"}, 1, 8]},
        {"Fn::ImportValue": {"Ref": "New"}},
    ],
)
def test_what_only_the_deployment_knows_stays_open(node: Any) -> None:
    assert evaluate(node, SCOPE) is AFTER_APPLY


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "does not support Fn::Transform"),
        ({"Fn::GetStackOutput": {"StackName": "a"}}, "does not support Fn::GetStackOutput"),
        ({"Fn::Equals": [1, 1]}, "does not support Fn::Equals here"),
        ({"Fn::Select": [3, ["a"]]}, "nonexistent value at index 3"),
        ({"Fn::Select": [0]}, "list of 2 parameters"),
        ({"Fn::If": ["Nobody", 1, 2]}, "unresolved condition dependency Nobody"),
        ({"Fn::FindInMap": ["Sizes", "gov", "huge"]}, "Unable to get mapping for Sizes::gov::huge"),
        ({"Fn::Join": ["", [["nested"]]]}, "list of strings"),
        ({"Fn::Sub": "${Names}"}, "does not resolve to a string"),
        ({"Fn::Sub": ["a", "b", "c"]}, "don't specify expected arguments"),
        ({"Fn::GetAtt": ["Key"]}, "two non-empty parameters"),
        ({"Fn::Cidr": ["10.0.0.0/24", 3, 7]}, "cannot make 3 blocks"),
        ({"Fn::Cidr": ["10.0.0.1/24", 1, 7]}, "cannot be evaluated"),
        ({"Ref": ["a"]}, "single String value"),
    ],
)
def test_a_function_used_wrongly_is_refused(node: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        evaluate(node, SCOPE)


def test_extensions_need_their_transform() -> None:
    plain = replace(SCOPE, template=replace(TEMPLATE, transforms=()))
    with pytest.raises(ValidationError, match=LANGUAGE_EXTENSIONS):
        evaluate({"Fn::Length": []}, plain)


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"A": {"Condition": "B"}, "B": {"Condition": "A"}}, "circular condition dependency: A -> B -> A"),
        ({"A": {"Condition": "Nobody"}}, r"Unresolved condition dependencies \[Nobody\]"),
        ({"A": {"Fn::Sub": "x"}}, "Fn::Sub is not allowed in a condition"),
        ({"A": {"Fn::And": [{"Fn::Equals": [1, 1]}]}}, "list of 2 to 10 conditions"),
        ({"A": {"Fn::Equals": [{"Ref": "SomeResource"}, 1]}}, "resources cannot be referenced here"),
        # The second member is wrong although the first decides already.
        ({"A": {"Fn::Or": [{"Fn::Equals": [1, 1]}, {"Condition": "Nobody"}]}}, "Nobody"),
    ],
)
def test_a_wrong_condition_is_refused(conditions: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        resolved(Scope(template=replace(TEMPLATE, conditions=conditions), parameters={}, pseudo={}))


RULES = {
    "OldBootstrap": {
        "Assertions": [
            {
                "Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "Stage"}]}]},
                "AssertDescription": "bootstrap is too old",
            }
        ]
    }
}


def test_a_rule_holds_or_refuses_with_its_own_words() -> None:
    scope = replace(SCOPE, template=replace(TEMPLATE, rules=RULES))
    check_rules(scope)
    with pytest.raises(ValidationError, match="bootstrap is too old"):
        check_rules(replace(scope, parameters={"Stage": "2"}))


def test_a_rule_whose_condition_fails_asks_nothing() -> None:
    rules = {"OldBootstrap": {**RULES["OldBootstrap"], "RuleCondition": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}}}
    check_rules(replace(SCOPE, template=replace(TEMPLATE, rules=rules), parameters={"Stage": "2"}))
