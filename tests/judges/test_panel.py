"""Each judge objects to what it is there for, and nothing a template or construct can write silences it."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

from infra.judges import cdk_report
from infra.judges.panel import Acceptance, acceptances, hear
from infra.judges.template import JudgeError, NotAnAssembly, Objection, assembly_templates

SILENCERS = {
    "cfn-lint": {"config": {"ignore_checks": ["E", "W", "I"]}},
    "guard": {"SuppressedRules": ["*"]},
    "cdk_nag": {"rules_to_suppress": [{"id": "AwsSolutions-S1", "reason": "a reason long enough to be taken"}]},
}
RESOURCES: dict[str, dict[str, object]] = {
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True, "QueueName": "no-suffix"}},
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                ],
            },
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        },
    },
}
EXPECTED = {
    "cfn-lint": "E3501",
    "CloudFormation Validate": "E3501",
    "AwsSolutions": "AwsSolutions-S1",
    "NIST.800.53.R5": "NIST.800.53.R5-S3BucketVersioningEnabled",
    "cdk-preflight": "pf-iam-policy-arn-partition",
}


def assembly(folder: Path, resources: dict[str, dict[str, object]], metadata: dict[str, object]) -> Path:
    template = {
        "Metadata": metadata,
        "Resources": {
            name: {**body, "Metadata": {**metadata, "aws:cdk:path": f"S/{name}"}} for name, body in resources.items()
        },
    }
    artifact = {
        "type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/us-gov-west-1",
        "properties": {"templateFile": "S.template.json", "stackName": "sandbox-s"},
    }
    (folder / "S.template.json").write_text(json.dumps(template))
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": {"S": artifact}}))
    return folder


@pytest.fixture(scope="module")
def objections(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    templates = assembly_templates(assembly(tmp_path_factory.mktemp("assembly"), RESOURCES, SILENCERS))
    by_judge: dict[str, set[str]] = defaultdict(set)
    for objection in hear(templates, accepted=()).standing:
        by_judge[objection.judge].add(objection.rule)
    return by_judge


@pytest.mark.parametrize("judge", EXPECTED)
def test_a_judge_objects_whatever_the_template_says_about_it(judge: str, objections: dict[str, set[str]]) -> None:
    assert EXPECTED[judge] in objections[judge]


def test_every_judge_is_tried_here(objections: dict[str, set[str]]) -> None:
    assert set(objections) == set(EXPECTED)


def test_a_judge_that_says_nothing_of_the_canary_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdk_report, "_report", lambda _templates: {"pluginReports": []})
    with pytest.raises(JudgeError, match="silence means nothing"):
        list(cdk_report.violations(assembly_templates(assembly(tmp_path, RESOURCES, {})), "AwsSolutions"))


def test_an_acceptance_covers_its_subject_and_no_other(tmp_path: Path) -> None:
    template = assembly_templates(assembly(tmp_path, RESOURCES, {}))[0]
    objection = Objection("AwsSolutions", "AwsSolutions-IAM5[Resource::*]", "sandbox-s", "Role", "wildcard")
    assert Acceptance("AwsSolutions", "AwsSolutions-IAM5[Resource::*]", "S/Role", "why").covers(objection, template)
    assert not Acceptance("AwsSolutions", "AwsSolutions-IAM5[<any>]", "S/Other", "why").covers(objection, template)
    assert not Acceptance("cfn-lint", "<any>", "S/Role", "why").covers(objection, template)


def test_accepting_a_wildcard_resource_accepts_no_other_resource(tmp_path: Path) -> None:
    template = assembly_templates(assembly(tmp_path, RESOURCES, {}))[0]
    rule = "AwsSolutions-IAM5[Resource::arn:aws-us-gov:iam::111122223333:role/*]"
    objection = Objection("AwsSolutions", rule, "sandbox-s", "Role", "wildcard")
    assert not Acceptance("AwsSolutions", "AwsSolutions-IAM5[Resource::*]", "S/Role", "why").covers(objection, template)
    assert Acceptance("AwsSolutions", "AwsSolutions-IAM5[Resource::<any>:role/*]", "*", "why").covers(
        objection, template
    )


def test_a_judge_that_breaks_is_an_error_and_no_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_templates: object) -> list[object]:
        raise TypeError("of its own")

    monkeypatch.setattr("infra.judges.cfn_lint.judge", breaks)
    monkeypatch.setattr(cdk_report, "violations", lambda *_: iter(()))
    with pytest.raises(JudgeError, match="cfn-lint failed: TypeError: of its own"):
        hear(assembly_templates(assembly(tmp_path, RESOURCES, {})))


@pytest.mark.parametrize("manifest", ["{", "[]", '{"artifacts": {"S": {"type": "aws:cloudformation:stack"}}}'])
def test_what_is_no_assembly_is_said_to_be_none(manifest: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(NotAnAssembly, match="run `cdk synth`"):
        assembly_templates(tmp_path)


def test_an_acceptance_without_a_reason_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "accepted.yaml"
    path.write_text("- {judge: cfn-lint, rule: E1, subject: S/A, reason: ''}\n")
    with pytest.raises(ValueError, match="a reason"):
        acceptances(path)
