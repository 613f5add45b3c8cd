"""`cdk drift`, as anyone would type it: nothing after a deployment, then what somebody changed or deleted by boto3."""

import re
from pathlib import Path

import boto3
import pytest

from tests.cli.conftest import Cli, stacks

pytestmark = pytest.mark.full

# In the order of the file: each test goes on where the one before it left the account.


@pytest.fixture(scope="module")
def app(cli: Cli, assembly: Path) -> tuple[str, ...]:
    """What names the assembly to the CLI, whose stacks all stand."""
    named = ("--app", str(assembly))
    cli.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2", *named)
    return named


def physical_id(stack: str, type_name: str) -> str:
    """The physical id of the first resource of a type in a stack."""
    told = boto3.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return next(str(r["PhysicalResourceId"]) for r in told if r["ResourceType"] == type_name)


def test_a_deployed_enclave_has_not_drifted(cli: Cli, app: tuple[str, ...]) -> None:
    printed = cli.run("drift", "--fail", *app)
    assert printed.count("No drift detected") == 6, printed
    assert "Number of resources with drift: 0" in printed
    assert {s["DriftInformation"]["StackDriftStatus"] for s in stacks().values()} == {"IN_SYNC"}


def test_what_somebody_changed_or_deleted_is_shown(cli: Cli, app: tuple[str, ...]) -> None:
    bucket = physical_id("sandbox-foundation", "AWS::S3::Bucket")
    boto3.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    ec2, rule = boto3.client("ec2"), physical_id("sandbox-network", "AWS::EC2::SecurityGroupIngress")
    (told,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=told["GroupId"], SecurityGroupRuleIds=[rule])
    printed = cli.run("drift", "--fail", *app, fails=True)
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
