"""A guardrail goes forward, back, and loses a version that nobody names any more."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.cli.conftest import ROOT, Cli, edit_profile, enforced, versions
from tests.cli.operations.page import commands, edit

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full

UNTIL = date.today() + timedelta(days=60)
PREVIOUS = "  # previous:          #"
WORKLOAD = "arn:aws-us-gov:iam::111122223333:role/sandbox-workload"
MODEL = "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/openai.gpt-oss-20b-1:0"


def topic(version: str) -> Any:
    """The first topic's definition in a version of the guardrail."""
    bedrock = boto3.client("bedrock")
    (guardrail,) = bedrock.list_guardrails()["guardrails"]
    read = bedrock.get_guardrail(guardrailIdentifier=guardrail["id"], guardrailVersion=version)
    return read["topicPolicy"]["topics"][0]["definition"]


def accepted(day: date) -> set[str]:
    """The versions that a consumer may name on a day, by IAM's own answer about the workload's role."""
    (guardrail,) = boto3.client("bedrock").list_guardrails()["guardrails"]
    endpoints = boto3.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    (endpoint,) = (e["VpcEndpointId"] for e in endpoints if e["ServiceName"].endswith("bedrock-runtime-fips"))
    may = set()
    for version in (*versions(), "DRAFT", None):
        context = {
            "aws:CurrentTime": f"{day}T00:00:00Z",
            "aws:RequestedRegion": "us-gov-west-1",
            "aws:SourceVpce": endpoint,
        }
        if version:
            context["bedrock:GuardrailIdentifier"] = f"{guardrail['arn']}:{version}"
        (answer,) = boto3.client("iam").simulate_principal_policy(
            PolicySourceArn=WORKLOAD,
            ActionNames=["bedrock:InvokeModel"],
            ResourceArns=[MODEL],
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}
                for key, value in context.items()
            ],
        )["EvaluationResults"]
        if answer["EvalDecision"] == "allowed":
            may.add(str(version))
    return may


def roll(cli: Cli, standing: Callable[..., str]) -> tuple[str, str]:
    """The page's commands, the version that they note named as the previous one; that version, and the new one."""
    settings = cli.folder / "enclaves/sandbox.yaml"
    note, *rest = commands("Roll a guardrail forward, and back")
    noted = standing(note).strip()
    settings.write_text((ROOT / "enclaves/sandbox.yaml").read_text())
    edit(settings, (PREVIOUS, f"  previous: {{version: {noted}, until: {UNTIL}}}\n{PREVIOUS}"))
    for line in rest:
        standing(line)
    return noted, standing(note).strip()


def test_forward_and_back(cli: Cli, standing: Callable[..., str]) -> None:
    before, eve = date.today(), UNTIL - timedelta(days=1)
    first = enforced()
    assert accepted(before) == {first}
    edit_profile(cli, ("Monitoring, tracking", "Watching, tracking", 1))
    noted, second = roll(cli, standing)
    assert (noted, enforced()) == (first, second)
    assert topic(second) == topic(first).replace("Monitoring", "Watching")
    assert accepted(before) == accepted(eve) == {first, second}
    assert accepted(UNTIL) == {second}

    shutil.copy(ROOT / "enclaves/profiles/baseline.yaml", cli.folder / "enclaves/profiles/baseline.yaml")
    noted, third = roll(cli, standing)
    assert (noted, enforced()) == (second, third)
    assert topic(third) == topic(first)
    assert accepted(eve) == {second, third}
    assert accepted(UNTIL) == {third}


def test_the_overlap_ends_and_the_old_version_goes(cli: Cli, standing: Callable[..., str]) -> None:
    shutil.copy(ROOT / "enclaves/sandbox.yaml", cli.folder / "enclaves/sandbox.yaml")
    *rest, listing, delete, verify = commands("After the overlap")
    for line in rest:
        standing(line)
    assert accepted(date.today()) == {enforced()}
    before = versions()
    assert [line.split("\t")[0] for line in standing(listing).splitlines()] == ["DRAFT", *before]
    standing(delete)
    assert versions() == before[1:]
    standing(verify)
    assert "in use" in standing(delete.replace("version 1", f"version {enforced()}"), 255)
