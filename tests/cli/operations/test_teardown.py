"""The other region's enclave, the first one's teardown, and what stays of it."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.cli.conftest import Cli, stacks
from tests.cli.operations.page import commands, edit, section

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.full
EAST, WEST = "us-gov-east-1", "us-gov-west-1"
DAYS = 7  # `retention.evidence_days` of sandbox


def bucket(word: str, stack: str = "sandbox") -> str:
    (name,) = (
        each["Name"]
        for each in boto3.client("s3").list_buckets()["Buckets"]
        if each["Name"].startswith(stack) and f"-{word}-" in each["Name"]
    )
    return str(name)


@pytest.fixture(scope="module")
def record(standing: Callable[..., str]) -> dict[str, Any]:
    """A record in the evidence bucket, locked by the bucket's default."""
    s3, name = boto3.client("s3"), bucket("evidence")
    version = s3.put_object(Bucket=name, Key="record", Body=b"kept")["VersionId"]
    return {"Bucket": name, "Key": "record", "VersionId": version}


def test_the_other_region_stands_beside_the_first(
    cli: Cli, standing: Callable[..., str], record: dict[str, Any]
) -> None:
    copy, lists, validate, *rest = commands("The other region, and taking the first down")
    standing(copy)
    ids = dict(line.split("\t") for line in standing(lists).splitlines())
    east = ", ".join(f"{name}: {ids[f'com.amazonaws.{EAST}.{name}']}" for name in ("s3", "dynamodb"))
    path = cli.folder / "enclaves/east.yaml"
    (west,) = re.findall(r"prefix_lists: (\{.*\})", path.read_text())
    edit(
        path,
        ("name: sandbox", "name: east"),
        (f"region: {WEST}", f"region: {EAST}"),
        (f"zones: [{WEST}a, {WEST}b]", f"zones: [{EAST}a, {EAST}b]"),
        ("cidr: 10.64.0.0/22", "cidr: 10.64.4.0/22"),
        (west, f"{{{east}}}"),
    )
    said = standing(validate, 2)
    assert f"hosting is not possible in {EAST}" in said
    follow(path, said)
    said = standing(validate)
    assert "has no image filters in guardrails" in said
    for line in rest[:-2]:
        standing(line)
    parts = ("archive", "foundation", "network", "inference", "access")
    assert set(stacks(EAST)) == {f"east-{part}" for part in parts}
    assert set(stacks()) == {f"sandbox-{part}" for part in (*parts, "hosting")}


def test_roles_are_the_whole_accounts_and_named_after_the_enclave(standing: Callable[..., str]) -> None:
    iam = boto3.client("iam", region_name=EAST)
    trust = json.dumps(iam.get_role(RoleName="east-workload")["Role"]["AssumeRolePolicyDocument"])
    for name in ("sandbox-workload", "east-workload"):
        with pytest.raises(ClientError, match="EntityAlreadyExists"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)


def test_the_first_goes_and_what_is_locked_stays(
    cli: Cli, standing: Callable[..., str], record: dict[str, Any]
) -> None:
    first, *lift, again, logging, find = commands("Full teardown")
    assert "Stack [sandbox-foundation] cannot be deleted while TerminationProtection is enabled" in standing(first, 1)
    assert set(stacks()) == {"sandbox-archive", "sandbox-foundation"}
    for line in (*lift, again, logging):
        standing(line)
    assert stacks() == {}
    assert "loggingConfig" not in boto3.client("bedrock").get_model_invocation_logging_configuration()
    assert boto3.client("bedrock").list_guardrails()["guardrails"] == []
    stays = Counter(arn.split(":")[2] for arn in standing(find).split())
    assert stays == {"s3": 5, "kms": 5, "logs": 4}
    s3 = boto3.client("s3")
    kept = s3.head_object(**record)["ObjectLockRetainUntilDate"] - datetime.now(UTC)
    assert timedelta(DAYS - 1) < kept <= timedelta(DAYS)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.delete_object(**record)
    for last in commands("The other region, and taking the first down")[-2:]:
        said = standing(last)
    assert said.split() == ["east-trail", EAST]


def test_the_days_of_the_table_are_those_of_the_lifecycles() -> None:
    s3, table = boto3.client("s3"), section("Full teardown")
    days = {}
    for word in ("evidence", "invocations"):
        rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket(word))["Rules"]
        (rule,) = (rule for rule in rules if "Days" in rule.get("Expiration", {}))
        days[word] = rule["Expiration"]["Days"] + rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
    assert days == dict.fromkeys(days, 2 * DAYS + 1)
    assert f"`evidence_days` + 1 days after it was written, to midnight UTC: {2 * DAYS + 1} days for {DAYS}" in table
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket("artifacts"))["Rules"]
    assert not [rule for rule in rules if "Expiration" in rule or "NoncurrentVersionExpiration" in rule]


def follow(path: Path, said: str) -> None:
    """Change the file as the messages of `sallyport validate` say: no hosting, other routes, models left out."""
    text = re.sub(r"^hosting:\n(?:  .*\n)+", "", path.read_text(), flags=re.MULTILINE)
    for model, profile in re.findall(
        r"'region' is not offered for (\S+) in .*; allowed: profile, with profile (\S+);", said
    ):
        route = f"    routing: profile\n    profile: {profile}\n    destinations: [{EAST}, {WEST}]\n"
        text = text.replace(f"  - id: {model}\n    routing: region\n", f"  - id: {model}\n{route}")
    for model in re.findall(r"model '(\S+)' is not offered in", said):
        text = text.replace(f"  - id: {model}\n    routing: region\n", "")
        text = text.replace(f"  {model.partition('.')[0]}: active\n", "")
    path.write_text(text)
