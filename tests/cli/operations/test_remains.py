"""What a torn down enclave leaves is removed once its locks have ended, by CloudFormation's role."""

from __future__ import annotations

import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cli.conftest import Cli, stacks
from tests.cli.operations.page import commands, section

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def gone(cli: Cli, operator: Callable[..., str]) -> Callable[..., str]:
    """The operator, after the teardown of an enclave without hosting."""
    path = cli.folder / "enclaves/sandbox.yaml"
    path.write_text(re.sub(r"^hosting:\n(?:  .*\n)+", "", path.read_text(), flags=re.MULTILINE))
    operator("cdk deploy --all -c enclave=sandbox --require-approval never")
    first, *rest = commands("Full teardown")
    operator(first, 1)
    for line in rest:
        operator(line)
    return operator


def artifact(until: datetime) -> dict[str, Any]:
    """An artefact that is locked until then."""
    s3 = boto3.client("s3")
    names = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    (bucket,) = (name for name in names if name.startswith("sandbox-foundation-artifacts-"))
    put = s3.put_object(
        Bucket=bucket, Key="sha256/0/model.tar.gz", Body=b"weights", ObjectLockMode="COMPLIANCE",
        ObjectLockRetainUntilDate=until,
    )  # fmt: skip
    return {"Bucket": bucket, "Key": "sha256/0/model.tar.gz", "VersionId": put["VersionId"]}


def test_what_stays_is_removed(cli: Cli, gone: Callable[..., str]) -> None:
    groups, bucket, empty, role, *take, update, updated, delete, deleted, find = commands("When the locks have ended")
    gone(groups)
    assert boto3.client("logs").describe_log_groups(logGroupNamePrefix="sandbox-")["logGroups"] == []
    until = datetime.now(UTC) + timedelta(seconds=30)
    locked = artifact(until)
    gone(bucket)
    assert "AccessDenied" in gone(empty, 255)
    time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()) + 1)
    gone(empty, 255)  # the embedded AWS has stored the stand-in too, which is locked for days
    with pytest.raises(ClientError, match="Not Found"):
        boto3.client("s3").head_object(**locked)
    remains, to_import, policy = write(
        cli, [arn for arn in gone(find).split() if not arn.endswith(f":{locked['Bucket']}")]
    )
    for line in (role, *take):
        gone(line)
    assert stacks()["sandbox-remains"]["StackStatus"] == "IMPORT_COMPLETE"
    for resource in remains["Resources"].values():
        if resource["Type"] == "AWS::KMS::Key":
            resource["Properties"] |= policy
    (cli.folder / "remains.json").write_text(json.dumps(remains))
    for line in (update, updated, delete, deleted):
        gone(line)
    assert stacks() == {}
    kms = boto3.client("kms")
    keys = [one["ResourceIdentifier"]["KeyId"] for one in to_import if one["ResourceType"] == "AWS::KMS::Key"]
    assert {kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] for key in keys} == {"PendingDeletion"}
    names = [each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]]
    assert [name for name in names if name.startswith("sandbox-")] == [locked["Bucket"]]
    assert re.findall("s3:::(.*)", gone(find)) == [locked["Bucket"]]


def write(cli: Cli, arns: list[str]) -> tuple[Any, Any, Any]:
    """The page's files, with each bucket and key of the list in them; and the policy to add to each key."""
    shape, listed, policy = map(
        json.loads, re.findall(r"```json\n(.*?)```", section("When the locks have ended"), re.DOTALL)
    )
    kinds = {one["Type"]: (name, one) for name, one in shape["Resources"].items()}
    kms = boto3.client("kms")
    remains: dict[str, Any] = {"Resources": {}}
    to_import = []
    for number, arn in enumerate(arns):
        kind, name = ("AWS::KMS::Key" if ":kms:" in arn else "AWS::S3::Bucket"), re.split("[:/]", arn)[-1]
        logical, declared = kinds[kind]
        (named,) = (one for one in listed if one["LogicalResourceId"] == logical)
        described = kms.describe_key(KeyId=name)["KeyMetadata"]["Description"] if ":kms:" in arn else ""
        told = {"KEY": name, "BUCKET": name, "DESCRIPTION": described, f'"{logical}"': f'"{logical}{number}"'}
        for word, instead in told.items():
            declared = json.loads(json.dumps(declared).replace(word, instead))
            named = json.loads(json.dumps(named).replace(word, instead))
        remains["Resources"][f"{logical}{number}"] = declared
        to_import.append(named)
    (cli.folder / "remains.json").write_text(json.dumps(remains))
    (cli.folder / "to-import.json").write_text(json.dumps(to_import))
    return remains, to_import, policy
