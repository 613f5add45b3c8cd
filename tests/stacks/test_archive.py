"""Evidence cannot be deleted, shortened or shredded, and only its sources can write it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_cdk.assertions import Template

    from infra.settings import Enclave
    from tests.stacks.conftest import Core

TRAIL = "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/sandbox-trail"
DEPLOYMENT = "arn:aws-us-gov:iam::{}:role/cdk-hnb659fds-cfn-exec-role-{}-us-gov-west-1"


def only(template: Template, kind: str, **properties: Any) -> tuple[str, Mapping[str, Any]]:
    found = template.find_resources(kind, {"Properties": properties} if properties else None)
    assert len(found) == 1, sorted(found)
    return next(iter(found.items()))


def evidence(core: Core) -> tuple[str, Mapping[str, Any]]:
    return only(core.archive, "AWS::S3::Bucket", ObjectLockEnabled=True)


def statements(core: Core, bucket: str) -> dict[str, dict[str, Any]]:
    """The bucket policy's statements by Sid; a statement without one is named after its condition key."""
    _, policy = only(core.archive, "AWS::S3::BucketPolicy", Bucket={"Ref": bucket})
    return {
        entry.get("Sid") or next(iter(next(iter(entry["Condition"].values())))): entry
        for entry in policy["Properties"]["PolicyDocument"]["Statement"]
    }


def test_evidence_is_locked_in_the_mode_nobody_can_bypass_for_the_declared_days(core: Core) -> None:
    _, bucket = evidence(core)
    assert bucket["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {
        "Mode": "COMPLIANCE",
        "Days": core.settings.retention.evidence_days,
    }
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}


def test_no_upload_or_later_change_may_carry_a_shorter_or_weaker_lock(core: Core) -> None:
    found = statements(core, evidence(core)[0])
    days = str(core.settings.retention.evidence_days)
    assert found["NoShorterLock"]["Condition"] == {"NumericLessThan": {"s3:object-lock-remaining-retention-days": days}}
    assert found["NoWeakerMode"]["Condition"] == {"StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}}
    for sid in ("NoShorterLock", "NoWeakerMode"):
        assert found[sid]["Effect"] == "Deny"
        assert found[sid]["Principal"] == {"AWS": "*"}
        assert set(found[sid]["Action"]) == {"s3:PutObject", "s3:PutObjectRetention"}


def test_lifecycle_never_meets_a_locked_version(core: Core) -> None:
    _, bucket = evidence(core)
    days = core.settings.retention.evidence_days
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert all(rule.get("ExpirationInDays", days + 1) > days for rule in rules)
    assert all(
        rule.get("NoncurrentVersionExpiration", {"NoncurrentDays": days})["NoncurrentDays"] >= days for rule in rules
    )


def test_nothing_denies_an_upload_for_its_encryption_headers(core: Core) -> None:
    # Log delivery sends none; the bucket's default encryption does the work.
    keys = {key for entry in statements(core, evidence(core)[0]).values() for key in _condition_keys(entry)}
    assert not {key for key in keys if key.startswith("s3:x-amz-server-side-encryption")}
    _, bucket = evidence(core)
    (rule,) = bucket["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"


@pytest.mark.parametrize("sid", ["AWSCloudTrailAclCheck", "AWSCloudTrailWrite"])
def test_only_the_enclaves_own_trail_delivers(core: Core, sid: str) -> None:
    assert statements(core, evidence(core)[0])[sid]["Condition"]["StringEquals"]["aws:SourceArn"] == TRAIL


def test_every_grant_to_a_service_names_where_the_call_comes_from(core: Core) -> None:
    for kind, at in (("AWS::S3::BucketPolicy", "PolicyDocument"), ("AWS::KMS::Key", "KeyPolicy")):
        for resource in core.archive.find_resources(kind).values():
            for entry in resource["Properties"][at]["Statement"]:
                if entry["Effect"] == "Allow" and "Service" in entry["Principal"]:
                    assert {"aws:SourceArn", "aws:SourceAccount"} & _condition_keys(entry), entry


def test_only_the_deployment_role_changes_what_protects_evidence(core: Core) -> None:
    entry = statements(core, evidence(core)[0])["SettingsByDeploymentAlone"]
    account = core.settings.accounts.evidence
    assert entry["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": DEPLOYMENT.format(account, account)}}
    assert {"s3:PutBucketObjectLockConfiguration", "s3:PutBucketPolicy", "s3:PutBucketVersioning"} <= set(
        entry["Action"]
    )
    assert entry["Resource"] == {"Fn::GetAtt": [evidence(core)[0], "Arn"]}


def test_another_bootstrap_has_another_deployment_role(sandbox: Enclave, synth: Callable[..., Core]) -> None:
    template = json.dumps(synth(sandbox, {"@aws-cdk/core:bootstrapQualifier": "acme"}).archive.to_json())
    assert "cdk-acme-cfn-exec-role-111122223333" in template
    assert "cdk-hnb659fds-cfn-exec-role" not in template


def test_the_log_delivery_service_cannot_rewrite_the_policy_with_the_deployers_rights(core: Core) -> None:
    entry = statements(core, evidence(core)[0])["NoPolicyOnBehalf"]
    assert entry["Effect"] == "Deny"
    assert "s3:PutBucketPolicy" in entry["Action"]
    assert entry["Condition"] == {"Bool": {"aws:ViaAWSService": "true"}}


@pytest.mark.parametrize(
    "action", ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DeleteImportedKeyMaterial", "kms:*"]
)
def test_the_key_policy_lets_nobody_shred_evidence(core: Core, action: str) -> None:
    _, key = only(core.archive, "AWS::KMS::Key")
    granted = {
        granted
        for entry in key["Properties"]["KeyPolicy"]["Statement"]
        for granted in ([entry["Action"]] if isinstance(entry["Action"], str) else entry["Action"])
    }
    assert action not in granted


def test_the_key_can_still_be_changed_by_deployment_and_by_the_root_user(core: Core) -> None:
    _, key = only(core.archive, "AWS::KMS::Key")
    (entry,) = [e for e in key["Properties"]["KeyPolicy"]["Statement"] if "kms:PutKeyPolicy" in e["Action"]]
    account = core.settings.accounts.evidence
    assert entry["Condition"]["ArnEquals"]["aws:PrincipalArn"] == [
        DEPLOYMENT.format(account, account),
        f"arn:aws-us-gov:iam::{account}:root",
    ]


def test_access_logs_are_neither_locked_nor_under_a_key_and_nobody_deletes_them(core: Core) -> None:
    _, bucket = evidence(core)
    target = bucket["Properties"]["LoggingConfiguration"]["DestinationBucketName"]["Ref"]
    logs = core.archive.find_resources("AWS::S3::Bucket")[target]["Properties"]
    assert "ObjectLockConfiguration" not in logs
    (rule,) = logs["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert statements(core, target)["SettingsByDeploymentAlone"]["Effect"] == "Deny"
    entry = statements(core, target)["NoDeletion"]
    assert entry["Effect"] == "Deny"
    assert "Condition" not in entry
    assert set(entry["Action"]) == {"s3:DeleteObject", "s3:DeleteObjectVersion"}


def test_the_auditor_alone_reads_evidence_and_writes_nothing(core: Core, two_accounts: Core) -> None:
    for enclave in (core, two_accounts):
        readers = {
            sid: entry
            for sid, entry in statements(enclave, evidence(enclave)[0]).items()
            if entry["Effect"] == "Allow" and "AWS" in entry["Principal"]
        }
        assert set(readers) == {"AuditorReads", "AuditorSees"}
        for entry in readers.values():
            assert entry["Principal"] == {"AWS": f"arn:aws-us-gov:iam::{enclave.settings.accounts.enclave}:root"}
            auditor = "arn:aws-us-gov:iam::111122223333:role/sandbox-auditor"
            assert entry["Condition"] == {"ArnEquals": {"aws:PrincipalArn": auditor}}
            assert all(action.startswith(("s3:Get", "s3:List")) for action in entry["Action"])


def test_everything_outlives_the_stack_with_its_policy(core: Core, two_accounts: Core) -> None:
    for template in (core.archive, two_accounts.archive):
        for logical_id, resource in template.to_json()["Resources"].items():
            assert resource["DeletionPolicy"] in {"Retain", "RetainExceptOnCreate"}, logical_id
            assert resource["UpdateReplacePolicy"] == "Retain", logical_id


def test_evidence_in_another_account_has_names_that_need_no_export(two_accounts: Core) -> None:
    account = two_accounts.settings.accounts.evidence
    _, bucket = evidence(two_accounts)
    assert bucket["Properties"]["BucketName"] == f"sandbox-evidence-{account}-us-gov-west-1"
    only(two_accounts.archive, "AWS::KMS::Alias", AliasName="alias/sandbox-evidence")
    entry = statements(two_accounts, evidence(two_accounts)[0])["SettingsByDeploymentAlone"]
    assert entry["Condition"] == {"ArnNotEquals": {"aws:PrincipalArn": DEPLOYMENT.format(account, account)}}
    outputs = two_accounts.archive.to_json().get("Outputs", {}).values()
    assert not [output for output in outputs if "Export" in output]


def test_evidence_in_the_enclaves_account_has_a_generated_name(core: Core) -> None:
    assert "BucketName" not in evidence(core)[1]["Properties"]


def _condition_keys(statement: dict[str, Any]) -> set[str]:
    return {key for operator in statement.get("Condition", {}).values() for key in operator}
