"""Evidence in an account of its own: the stacks deploy there and here, and what is recorded here arrives there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from infra.live.account import Account as Reading
from infra.live.read import read as standing
from infra.posture.difference import differences
from infra.posture.template.files import Template
from infra.posture.template.read import posture_of
from infra.posture.values import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stacks.conftest import Core

ROOT = Path(__file__).resolve().parents[2]
REGION = "us-gov-west-1"
COMMAND = "from scripts.main import app; app()"

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of an embedded AWS in a process of its own."""
    server = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "local", "start"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        name, _, address = server.stdout.readline().strip().removeprefix("export ").partition("=")
        assert name == "AWS_ENDPOINT_URL"
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=30)


class Account:
    """Clients that act in one account."""

    def __init__(self, endpoint: str, account: str) -> None:
        self._place = {"endpoint_url": endpoint, "region_name": REGION}
        self._keys = {"aws_access_key_id": "embedded", "aws_secret_access_key": "embedded"}
        role = f"arn:aws-us-gov:iam::{account}:role/deployer"
        taken = self.client("sts").assume_role(RoleArn=role, RoleSessionName="two-accounts")["Credentials"]
        self._keys = {
            "aws_access_key_id": taken["AccessKeyId"],
            "aws_secret_access_key": taken["SecretAccessKey"],
            "aws_session_token": taken["SessionToken"],
        }

    def client(self, service: str) -> Any:
        return boto3.client(service, **self._place, **self._keys)

    def session(self) -> Any:
        """A session whose clients reach this account without being told where the embedded AWS is."""
        return boto3.Session(region_name=REGION, **self._keys)

    def deploy(self, part: str, template: dict[str, Any], address: str) -> None:
        """Create a stack from a template that S3 holds, for it may be too large to go inline."""
        name, cloudformation, s3 = f"sandbox-{part}", self.client("cloudformation"), self.client("s3")
        parameter = {"Name": "/cdk-bootstrap/hnb659fds/version", "Value": "33", "Type": "String"}
        self.client("ssm").put_parameter(**parameter, Overwrite=True)
        bucket = f"templates-for-{part}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket=bucket, Key="template", Body=json.dumps(template).encode())
        cloudformation.create_stack(
            StackName=name, TemplateURL=f"{address}/{bucket}/template", Capabilities=["CAPABILITY_NAMED_IAM"]
        )
        status = "CREATE_IN_PROGRESS"
        while status.endswith("_IN_PROGRESS"):
            time.sleep(0.2)
            status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
        reasons = [event.get("ResourceStatusReason") for event in events if "FAILED" in event["ResourceStatus"]]
        assert (status, reasons) == ("CREATE_COMPLETE", [])


def test_an_enclave_with_its_evidence_elsewhere_deploys_and_is_read(
    two_accounts: Core, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = two_accounts.settings.accounts
    here, there = Account(endpoint, accounts.enclave), Account(endpoint, accounts.evidence)
    templates = two_accounts.all()
    there.deploy("archive", templates["archive"], endpoint)
    here.deploy("foundation", templates["foundation"], endpoint)
    here.deploy("network", templates["network"], endpoint)

    bucket = f"sandbox-evidence-{accounts.evidence}-{REGION}"
    lock = there.client("s3").get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 7}
    (trail,) = here.client("cloudtrail").describe_trails()["trailList"]
    assert trail["S3BucketName"] == bucket
    assert f":{accounts.evidence}:" in trail["KmsKeyId"]
    flows = here.client("ec2").describe_flow_logs()["FlowLogs"]
    assert f"arn:aws-us-gov:s3:::{bucket}" in [flow.get("LogDestination") for flow in flows]
    queries = here.client("route53resolver").list_resolver_query_log_configs()["ResolverQueryLogConfigs"]
    assert f"arn:aws-us-gov:s3:::{bucket}" in [query["DestinationArn"] for query in queries]

    for variable in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.setenv(variable, endpoint)
    read = standing([Reading(each.session(), REGION) for each in (here, there)], two_accounts.settings)
    places = {"archive": Place(accounts.evidence, REGION)}
    declared = posture_of(
        tuple(
            Template(f"sandbox-{part}", part, places.get(part, Place(accounts.enclave, REGION)), templates[part])
            for part in ("archive", "foundation", "network")
        )
    )
    assert [str(each) for each in differences(declared, read) if each.collection != "stacks"] == []
