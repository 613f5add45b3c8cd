"""A second enclave of the account comes and goes beside the first, which does not change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.cli.conftest import Cli, enforced, stacks
from tests.cli.operations.page import commands, edit

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full

TITLE = "A second enclave in the same account"
FIRST = "sandbox"


def shared() -> dict[str, Any]:
    """What exists once in the account and region, as it stands."""
    bedrock, ec2 = boto3.client("bedrock"), boto3.client("ec2")
    (guardrail,) = (g["guardrailArn"] for g in bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"])
    return {
        "blocked": ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"][
            "InternetGatewayBlockMode"
        ],
        "enforced": (guardrail, enforced()),
        "logging": bedrock.get_model_invocation_logging_configuration()["loggingConfig"],
    }


def of(enclave: str) -> set[str]:
    """The parts of an enclave that have a stack."""
    return {name.removeprefix(f"{enclave}-") for name in stacks() if name.startswith(f"{enclave}-")}


def resources(enclave: str) -> dict[str, set[str]]:
    """The physical ids of what an enclave's stacks made, by type."""
    made: dict[str, set[str]] = {}
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources")
    for part in of(enclave):
        for page in pages.paginate(StackName=f"{enclave}-{part}"):
            for each in page["StackResourceSummaries"]:
                made.setdefault(each["ResourceType"], set()).add(each["PhysicalResourceId"])
    return made


def test_a_second_enclave_comes(cli: Cli, standing: Callable[..., str]) -> None:
    before, once = resources(FIRST), shared()
    new, *rest = commands(TITLE)
    standing(new)
    written = cli.folder / "enclaves/second.yaml"
    text = written.read_text()
    assert "account_baseline: false" in text
    cidrs = [re.findall(r"cidr: (\S+)", path.read_text()) for path in (written, cli.folder / "enclaves/sandbox.yaml")]
    assert cidrs[0] != cidrs[1]
    edit(written, ("account_baseline: false", "account_baseline: true"))
    said = standing("sallyport validate", 2)
    assert re.search(r"second.yaml:\d+: account_baseline is true, but enclaves/sandbox.yaml owns the baseline", said)
    written.write_text(text)
    for line in rest:
        standing(line)
    assert of("second") == {"archive", "foundation", "network", "inference", "access"}
    assert (resources(FIRST), shared()) == (before, once)
    second = resources("second")
    assert {kind: ids & before[kind] for kind, ids in second.items() if ids & before.get(kind, set())} == {}


def test_and_goes(standing: Callable[..., str]) -> None:
    before, once = resources(FIRST), shared()
    destroy, verify = commands("Take the second enclave away")
    said = standing(destroy, 1)
    assert "cannot be deleted while TerminationProtection is enabled" in said
    assert of("second") == {"archive", "foundation"}
    assert (resources(FIRST), shared()) == (before, once)
    standing(verify)
