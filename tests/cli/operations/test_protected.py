"""A protected stack that failed at its first deploy stands in the next one's way until it is unprotected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import boto3
import pytest

from tests.cli.conftest import stacks
from tests.cli.operations.page import commands

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full


def test_a_protected_stack_that_failed_the_first_time_is_deployed_once_unprotected(
    operator: Callable[..., str],
) -> None:
    order, deploy, verify, refused, lift, again, *rest = commands("A first deploy that fails in a protected stack")
    operator(order)
    operator(deploy, 1)
    failed = stacks()["sandbox-foundation"]
    assert (failed["StackStatus"], failed["EnableTerminationProtection"]) == ("ROLLBACK_COMPLETE", True)
    buckets = {bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]}
    told = re.sub(r"\s+", " ", operator(verify, 1))
    assert f"`{lift}`" in told
    assert all(f"AWS::S3::Bucket {name}" in told for name in buckets if name.startswith("sandbox-foundation-"))
    said = operator(refused, 1)
    assert "Stack [sandbox-foundation] cannot be deleted while TerminationProtection is enabled" in said
    assert stacks()["sandbox-foundation"]["StackId"] == failed["StackId"]
    operator(lift)
    operator(again)
    made = stacks()["sandbox-foundation"]
    assert (made["StackStatus"], made["EnableTerminationProtection"]) == ("CREATE_COMPLETE", True)
    assert made["StackId"] != failed["StackId"]
    for line in rest:
        operator(line)
    assert buckets <= {bucket["Name"] for bucket in boto3.client("s3").list_buckets()["Buckets"]}


def test_an_unprotected_stack_that_failed_the_first_time_takes_a_deploy_alone(operator: Callable[..., str]) -> None:
    *_, deploy, _ = commands("A first deploy that fails in a protected stack")
    operator("cdk destroy sandbox/Network --force --app cdk.out")  # and what builds on it
    operator("sallyport local fail 'create sandbox-network/AWS::EC2::VPC'")
    operator(deploy, 1)
    assert stacks()["sandbox-network"]["StackStatus"] == "ROLLBACK_COMPLETE"
    operator(deploy)
    assert {stack["StackStatus"] for stack in stacks().values()} == {"CREATE_COMPLETE"}
