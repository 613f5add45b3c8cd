"""Assemblies and template files are read, in JSON and YAML, and what is neither is said so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.posture.template.files import TemplateError, load, read_templates
from infra.posture.values import Place

if TYPE_CHECKING:
    from pathlib import Path

YAML = """
AWSTemplateFormatVersion: 2010-09-09
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "${AWS::StackName}-x"
      Tags: !If [Yes, [{Key: a, Value: !Ref Name}], !Ref AWS::NoValue]
      Arn: !GetAtt Other.Arn.Deep
"""


def written(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_yaml_short_forms_are_functions_and_dates_text(tmp_path: Path) -> None:
    body = load(written(tmp_path, "t.yaml", YAML))
    properties = body["Resources"]["Bucket"]["Properties"]
    assert body["AWSTemplateFormatVersion"] == "2010-09-09"
    assert properties["BucketName"] == {"Fn::Sub": "${AWS::StackName}-x"}
    assert properties["Tags"]["Fn::If"][1] == [{"Key": "a", "Value": {"Ref": "Name"}}]
    assert properties["Arn"] == {"Fn::GetAtt": ["Other", "Arn.Deep"]}


def test_an_assembly_says_where_its_stacks_stand(tmp_path: Path) -> None:
    written(tmp_path, "s.template.json", {"Resources": {}})
    stack = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/us-gov-west-1",
        "properties": {
            "templateFile": "s.template.json",
            "stackName": "real-name",
            "terminationProtection": True,
            "parameters": {"P": "v"},
        },
        "metadata": {"/App/S/Bucket/Resource": [{"type": "aws:cdk:logicalId", "data": "Bucket83908E77"}]},
    }
    written(tmp_path, "manifest.json", {"artifacts": {"S": stack, "Tree": {"type": "cdk:tree"}}})
    (template,) = read_templates(tmp_path)
    assert template.stack == "real-name"
    assert template.place == Place("111122223333", "us-gov-west-1")
    assert template.termination_protection
    assert template.parameters == {"P": "v"}
    assert template.construct_paths == {"Bucket83908E77": "App/S/Bucket/Resource"}


def test_a_file_alone_stands_wherever_it_is_deployed(tmp_path: Path) -> None:
    (template,) = read_templates(written(tmp_path, "mine.yaml", YAML))
    assert template.stack == "mine"
    assert template.place.region == "{AWS::Region}"


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("t.json", "{", "t.json"),
        ("t.json", "[1]", "expected an object"),
        ("t.json", {"Nothing": 1}, "no Resources section"),
        ("t.yaml", "a: [", "t.yaml"),
        ("t.yaml", "just text", "expected an object"),
    ],
)
def test_what_is_no_template_is_said_so(tmp_path: Path, name: str, content: Any, says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        read_templates(written(tmp_path, name, content))


def test_a_folder_without_a_manifest_and_a_stack_named_twice_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="no cloud assembly"):
        read_templates(tmp_path)
    with pytest.raises(TemplateError, match=r"absent\.json"):
        read_templates(tmp_path / "absent.json")
    one = written(tmp_path, "t.json", {"Resources": {}})
    with pytest.raises(TemplateError, match="occurs twice"):
        read_templates(one, one)
