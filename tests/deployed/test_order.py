"""The default enclave, deployed in orders that its templates alone decide: CloudFormation promises no other.

Each seed is a deployment of its own, in a forked child.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.cloudformation import order
from infra.local.server import in_process
from infra.settings import find, load
from tests.deployed.conftest import ROOT, create, deploy, forked, prepared

SEEDS = [pytest.param(seed, marks=() if seed == 0 else pytest.mark.full) for seed in range(10)]


@pytest.fixture(scope="module")
def account() -> Iterator[Any]:
    """A session on an account where nothing but the bootstrap is."""
    settings = load(find("sandbox", ROOT))
    with in_process(settings.accounts.enclave):
        session = boto3.Session(region_name=settings.region, aws_access_key_id="test", aws_secret_access_key="test")
        prepared(session)
        yield session


@pytest.mark.parametrize("seed", SEEDS)
def test_the_enclave_deploys_in_whatever_order_its_templates_leave_open(
    seed: int, account: Any, assembly: Path
) -> None:
    def deployed() -> list[str]:
        order.use(seed)
        deploy(account, assembly)
        told = account.client("cloudformation").describe_stacks()["Stacks"]
        return [stack["StackName"] for stack in told if stack["StackStatus"] == "CREATE_COMPLETE"]

    assert len(forked(deployed)) == 6


def hosting(assembly: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The hosting stack's properties and template."""
    artifacts = json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
    stacks = [a["properties"] for a in artifacts if a["type"] == "aws:cloudformation:stack"]
    (found,) = [stack for stack in stacks if stack["stackName"].endswith("-hosting")]
    return found, json.loads((assembly / found["templateFile"]).read_text())


@pytest.fixture(scope="module")
def before_hosting(account: Any, assembly: Path) -> Any:
    """The same account with every stack but the hosting deployed."""
    deploy(account, assembly, without=("sandbox-hosting",))
    return account


@pytest.mark.full
def test_a_missing_depends_on_fails_in_some_orders(before_hosting: Any, assembly: Path) -> None:
    properties, template = hosting(assembly)
    (target,) = (r for r in template["Resources"].values() if r["Type"].endswith("::ScalableTarget"))
    del target["DependsOn"]

    def hosted(seed: int) -> tuple[str, list[str]]:
        order.use(seed)
        return create(before_hosting, properties, template)

    told = [forked(partial(hosted, seed)) for seed in range(10)]
    failed = [reasons for status, reasons in told if status == "ROLLBACK_COMPLETE"]
    assert 0 < len(failed) < 10, told
    assert all("ValidationException" in reason for reasons in failed for reason in reasons[-1:]), failed
