"""`cdk import` with the plain CLI: what boto3 has made becomes a stack's, in an app of a few lines."""

import json
import sys
from pathlib import Path

import boto3
import pytest

from tests.cli.conftest import Cli, stacks

pytestmark = pytest.mark.full

APP = """
from aws_cdk import App, Environment, Stack, aws_kms as kms, aws_s3 as s3
app = App()
stack = Stack(app, "Adopted", env=Environment(account="{account}", region="{region}"), tags={{"team": "a"}})
s3.CfnBucket(stack, "Papers", bucket_name="papers", versioning_configuration={{"status": "Enabled"}})
kms.CfnKey(stack, "Key", enabled=True, description="by hand", key_policy={policy})
app.synth()
"""

# In the order of the file: each test goes on where the one before it left the account.


@pytest.fixture(scope="module")
def app(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The app's folder, and the id of the key; key and bucket are there, made by boto3."""
    kms, s3 = boto3.client("kms"), boto3.client("s3")
    key = kms.create_key(Description="by hand")["KeyMetadata"]["KeyId"]
    s3.create_bucket(Bucket="papers", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    s3.put_bucket_versioning(Bucket="papers", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="papers", Key="paper", Body=b"kept")
    folder = tmp_path_factory.mktemp("adopting")
    (folder / "app.py").write_text(
        APP.format(
            account=boto3.client("sts").get_caller_identity()["Account"],
            region=s3.meta.region_name,
            policy=json.loads(kms.get_key_policy(KeyId=key)["Policy"]),
        )
    )
    return folder, str(key)


def run(cli: Cli, app: Path, *arguments: str, fails: bool = False) -> str:
    """What a command printed about the app."""
    named = ("--app", f"{sys.executable} {app / 'app.py'}", "--output", str(app / "out"), "--no-version-reporting")
    return cli.run(*arguments, *named, fails=fails)


def import_(cli: Cli, app: Path, mapping: dict[str, dict[str, str]], *, fails: bool = False) -> str:
    """Import what the mapping names."""
    (app / "mapping.json").write_text(json.dumps(mapping))
    return run(cli, app, "import", "Adopted", "--resource-mapping", str(app / "mapping.json"), fails=fails)


def test_what_is_not_there_is_not_imported(cli: Cli, app: tuple[Path, str]) -> None:
    printed = import_(cli, app[0], {"Key": {"KeyId": "00000000-0000-0000-0000-000000000000"}}, fails=True)
    assert "was not found" in printed, printed


def test_a_bucket_and_a_key_become_the_stacks(cli: Cli, app: tuple[Path, str]) -> None:
    folder, key = app
    printed = import_(cli, folder, {"Papers": {"BucketName": "papers"}, "Key": {"KeyId": key}})
    assert "✅" in printed, printed
    assert stacks()["Adopted"]["StackStatus"] == "IMPORT_COMPLETE"
    told = boto3.client("cloudformation").describe_stack_resources(StackName="Adopted")["StackResources"]
    assert {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in told} == {"Papers": "papers", "Key": key}
    assert boto3.client("s3").get_object(Bucket="papers", Key="paper")["Body"].read() == b"kept"
    assert "No drift detected" in run(cli, folder, "drift", "Adopted", "--fail")


def test_what_was_imported_is_deployed_and_destroyed_like_anything_else(cli: Cli, app: tuple[Path, str]) -> None:
    folder, key = app
    source = folder / "app.py"
    source.write_text(source.read_text().replace("by hand", "by the stack"))
    assert "✅" in run(cli, folder, "deploy", "Adopted", "--require-approval", "never")
    kms = boto3.client("kms")
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "by the stack"
    run(cli, folder, "destroy", "Adopted", "--force", fails=True)  # the bucket is not empty, and nothing retains it
    assert stacks()["Adopted"]["StackStatus"] == "DELETE_FAILED"
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "PendingDeletion"


def test_bootstrap_takes_in_the_bucket_that_an_earlier_one_has_left(cli: Cli) -> None:
    cloudformation, toolkit = boto3.client("cloudformation"), {"StackName": "CDKToolkit"}
    bucket = {"LogicalResourceId": "StagingBucket", **toolkit}
    before = cloudformation.describe_stack_resource(**bucket)["StackResourceDetail"]["PhysicalResourceId"]
    cloudformation.delete_stack(**toolkit)
    cloudformation.get_waiter("stack_delete_complete").wait(**toolkit)
    account, region = (boto3.client("sts").get_caller_identity()["Account"], cloudformation.meta.region_name)
    printed = cli.run("bootstrap", f"aws://{account}/{region}", "--app", "")
    assert "bootstrapped" in printed, printed
    again = cloudformation.describe_stack_resource(**bucket)["StackResourceDetail"]
    assert again["PhysicalResourceId"] == before
    events = cloudformation.describe_stack_events(**toolkit)["StackEvents"]
    assert "IMPORT_COMPLETE" in {e["ResourceStatus"] for e in events if e["LogicalResourceId"] == "StagingBucket"}
