"""Resources in CloudFormation's own words: nothing added, nothing dropped, a wrong word refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from infra.constructs.resource import Resource
from infra.constructs.statement import allow

ROOT = Path(__file__).resolve().parents[2]


def bucket(properties: dict[str, Any], *, validated: bool = False) -> Stack:
    app = App(
        context=json.loads((ROOT / "cdk.json").read_text())["context"],
        analytics_reporting=False,
        builtin_cloud_formation_validation=validated,
    )
    stack = Stack(app, "S", env=Environment(account="111122223333", region="us-gov-west-1"))
    Resource(stack, "Bucket", "AWS::S3::Bucket", properties)
    if validated:
        app.synth()
    return stack


def test_the_template_has_what_was_written_but_for_what_is_none() -> None:
    written: dict[str, Any] = {
        "BucketName": None,
        "VersioningConfiguration": {"Status": "Enabled", "Other": None},
        "Tags": [],
    }
    (found,) = Template.from_stack(bucket(written)).find_resources("AWS::S3::Bucket").values()
    assert found == {
        "Type": "AWS::S3::Bucket",
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}, "Tags": []},
    }


def test_a_misspelt_nested_property_is_an_error_of_synth() -> None:
    with pytest.raises(RuntimeError, match="Did you mean 'BlockPublicAcls'"):
        bucket({"PublicAccessBlockConfiguration": {"BlockPublicAcl": True}}, validated=True)


def test_a_statement_without_an_action_or_a_resource_is_refused_for_it_would_match_nothing() -> None:
    with pytest.raises(ValueError, match="statement Read has no actions"):
        allow("Read", [], ["*"])
    with pytest.raises(ValueError, match="statement Read has no resources"):
        allow("Read", ["s3:GetObject"], [])
