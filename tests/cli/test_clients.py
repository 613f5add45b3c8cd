"""Outside clients on a deployed enclave, each as anyone would use it: a boto3 script, the AWS CLI, `cdk drift`."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.deployment.embedded import embedded
from infra.settings import find, load
from tests.cli.conftest import BINARIES, ROOT, Cli, stacks
from tests.deployed.conftest import deploy, prepared

pytestmark = pytest.mark.full

# In the order of the file: each test goes on where the one before it left the account.

MINE = {
    "Parameters": {"Seconds": {"Type": "Number", "Default": 30}},
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": {"Ref": "Seconds"}}}},
    "Outputs": {"Url": {"Value": {"Ref": "Queue"}}},
}


@pytest.fixture(scope="module")
def outside(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """The CDK CLI on an embedded AWS where the default enclave stands; the environment is this process's too."""
    settings = load(find("sandbox", ROOT))
    with embedded(account=settings.accounts.enclave, region=settings.region) as (session, environment):
        prepared(session)
        deploy(session, assembly)
        yield Cli(tmp_path_factory.mktemp("outside"), environment)


def aws(outside: Cli, *arguments: str, fails: bool = False) -> str:
    """What the AWS CLI printed; its exit code must be as expected."""
    ran = subprocess.run(
        [BINARIES / "aws", *arguments],
        cwd=outside.folder,
        env=outside.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode != 0) is fails, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


def asked(outside: Cli, *arguments: str) -> Any:
    """What the AWS CLI told, as JSON."""
    return json.loads(aws(outside, *arguments, "--output", "json"))


@pytest.mark.usefixtures("outside")
def test_a_script_finds_its_way_about_the_enclave() -> None:
    cloudformation = boto3.client("cloudformation")
    pages = cloudformation.get_paginator("list_stacks").paginate(StackStatusFilter=["CREATE_COMPLETE"])
    names = {s["StackName"] for page in pages for s in page["StackSummaries"]}
    assert names == {
        f"sandbox-{part}" for part in ("access", "archive", "foundation", "hosting", "inference", "network")
    }
    (network,) = cloudformation.describe_stacks(StackName="sandbox-network")["Stacks"]
    exported = {e["Name"] for page in cloudformation.get_paginator("list_exports").paginate() for e in page["Exports"]}
    assert {o["ExportName"] for o in network.get("Outputs", []) if "ExportName" in o} <= exported
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName="sandbox-network")
    told = {r["PhysicalResourceId"]: r["ResourceType"] for page in pages for r in page["StackResourceSummaries"]}
    endpoints = boto3.client("ec2").get_paginator("describe_vpc_endpoints").paginate()
    found = {e["VpcEndpointId"]: e for page in endpoints for e in page["VpcEndpoints"]}
    assert found.keys() == {name for name, kind in told.items() if kind == "AWS::EC2::VPCEndpoint"}
    assert {e["State"] for e in found.values()} == {"available"}
    assert any("bedrock-runtime" in e["ServiceName"] for e in found.values())
    assert cloudformation.get_template(StackName="sandbox-network")["TemplateBody"]["Resources"].keys() == {
        r["LogicalResourceId"]
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName="sandbox-network")
        for r in page["StackResourceSummaries"]
    }


@pytest.mark.usefixtures("outside")
def test_inference_is_refused_by_name() -> None:
    messages = [{"role": "user", "content": [{"text": "hello"}]}]
    with pytest.raises(ClientError, match="UnsupportedByEmbeddedAws"):
        boto3.client("bedrock-runtime").converse(modelId="m", messages=messages)


def test_the_aws_cli_reads_the_enclave(outside: Cli) -> None:
    settings = load(find("sandbox", ROOT))
    assert asked(outside, "sts", "get-caller-identity")["Account"] == settings.accounts.enclave
    told = asked(outside, "cloudformation", "describe-stacks", "--query", "Stacks[].StackStatus")
    assert set(told) == {"CREATE_COMPLETE"}
    aws(outside, "cloudformation", "wait", "stack-create-complete", "--stack-name", "sandbox-network")
    query = ("--query", "VpcEndpoints[?State=='available'].VpcEndpointId")
    endpoints = set(asked(outside, "ec2", "describe-vpc-endpoints", *query))
    assert physical_id("sandbox-network", "AWS::EC2::VPCEndpoint") in endpoints
    key = physical_id("sandbox-foundation", "AWS::KMS::Key")
    assert asked(outside, "kms", "describe-key", "--key-id", key)["KeyMetadata"]["KeyState"] == "Enabled"
    (guardrail,) = asked(outside, "bedrock", "list-guardrails")["guardrails"]
    assert guardrail["status"] == "READY"
    said = ("--model-id", "m", "--messages", json.dumps([{"role": "user", "content": [{"text": "hello"}]}]))
    assert "UnsupportedByEmbeddedAws" in aws(outside, "bedrock-runtime", "converse", *said, fails=True)


def test_the_aws_cli_copies_and_deploys(outside: Cli) -> None:
    (outside.folder / "mine.json").write_text(json.dumps(MINE))
    aws(outside, "s3", "mb", "s3://mine-of-the-test")
    aws(outside, "s3", "cp", "mine.json", "s3://mine-of-the-test/a/mine.json")
    assert "mine.json" in aws(outside, "s3", "ls", "s3://mine-of-the-test/a/")
    aws(outside, "s3", "cp", "s3://mine-of-the-test/a/mine.json", "back.json")
    assert (outside.folder / "back.json").read_text() == json.dumps(MINE)
    deploying = ("cloudformation", "deploy", "--stack-name", "mine", "--template-file", "mine.json")
    assert "Successfully created/updated stack - mine" in aws(outside, *deploying)
    again = aws(outside, *deploying, "--no-fail-on-empty-changeset")
    assert "No changes to deploy. Stack mine is up to date" in again
    assert "Successfully created/updated" in aws(outside, *deploying, "--parameter-overrides", "Seconds=45")
    assert stacks()["mine"]["StackStatus"] == "UPDATE_COMPLETE"
    aws(outside, "cloudformation", "delete-stack", "--stack-name", "mine")
    aws(outside, "cloudformation", "wait", "stack-delete-complete", "--stack-name", "mine")
    aws(outside, "s3", "rb", "--force", "s3://mine-of-the-test")


def physical_id(stack: str, type_name: str) -> str:
    """The physical id of the first resource of a type in a stack."""
    told = boto3.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return next(str(r["PhysicalResourceId"]) for r in told if r["ResourceType"] == type_name)


def test_a_deployed_enclave_has_not_drifted(outside: Cli, assembly: Path) -> None:
    printed = outside.run("drift", "--fail", "--app", str(assembly))
    assert printed.count("No drift detected") == 6, printed
    assert "Number of resources with drift: 0" in printed
    assert {s["DriftInformation"]["StackDriftStatus"] for s in stacks().values()} == {"IN_SYNC"}


def test_what_somebody_changed_or_deleted_is_shown(outside: Cli, assembly: Path) -> None:
    bucket = physical_id("sandbox-foundation", "AWS::S3::Bucket")
    boto3.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    ec2, rule = boto3.client("ec2"), physical_id("sandbox-network", "AWS::EC2::SecurityGroupIngress")
    (told,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=told["GroupId"], SecurityGroupRuleIds=[rule])
    printed = outside.run("drift", "--fail", "--app", str(assembly), fails=True)
    assert "Number of resources with drift: 2" in printed, printed
    changed = re.search(r"Modified Resources\n(.*?)\n\n?Stack", printed, re.DOTALL)
    assert changed, printed
    for line in (
        "[~] AWS::S3::Bucket Foundation/",
        "[~] /VersioningConfiguration/Status",
        "[-] Enabled",
        "[+] Suspended",
    ):
        assert line in changed[1]
    assert re.search(r"Deleted Resources\n\[-\] AWS::EC2::SecurityGroupIngress Network/", printed), printed
    assert {name for name, s in stacks().items() if s["DriftInformation"]["StackDriftStatus"] == "DRIFTED"} == {
        "sandbox-foundation",
        "sandbox-network",
    }
