"""The real CDK CLI in a copy of the project, an embedded AWS that it speaks to, and what stands there."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.deployment.embedded import embedded
from infra.settings import find, load

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path(sys.executable).parent
DEPLOY = ("deploy", "--all", "--require-approval", "never", "--concurrency", "2", "--app")
SECONDS_AT_MOST = 120

Event = tuple[str, str, str]
"""A stack, a logical id of it (of the stack itself: its name), and a status."""


class Cli:
    """The CLI in a copy of the project's app folder, and the account it speaks to."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **environment,
            "PATH": f"{BINARIES}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder),
            "CDK_VALIDATION": "false",
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`cdk` at work, in a group of processes of its own."""
        return subprocess.Popen(
            [BINARIES / "cdk", *arguments, "--no-notices"],
            cwd=self.folder,
            env=self.environment,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What `cdk` printed; its exit code must be as expected."""
        ran = subprocess.run(
            [BINARIES / "cdk", *arguments, "--no-notices"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = ran.stdout + ran.stderr
        assert (ran.returncode != 0) is fails, printed[-6000:]
        return printed


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    """A bootstrapped embedded AWS, and a project folder whose settings a test may edit."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("infra", "stacks", "enclaves"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, folder / name)
    settings = load(find("sandbox", ROOT))
    with embedded(account=settings.accounts.enclave, region=settings.region) as (_, environment):
        made = Cli(folder, environment)
        made.run(
            "bootstrap", f"aws://{settings.accounts.enclave}/{settings.region}", "--app", ""
        )  # given the app it would synthesise it
        yield made


def stacks(region: str | None = None) -> dict[str, Any]:
    cloudformation = boto3.client("cloudformation", region_name=region)
    return {s["StackName"]: s for s in cloudformation.describe_stacks()["Stacks"] if s["StackName"] != "CDKToolkit"}


def events() -> list[Event]:
    """What the enclave's stacks have told, in order."""
    api = boto3.client("cloudformation")
    told = [
        event
        for stack in stacks().values()
        for page in api.get_paginator("describe_stack_events").paginate(StackName=stack["StackId"])
        for event in page["StackEvents"]
    ]
    told.sort(key=lambda event: event["Timestamp"])
    return [(e["StackName"], e["LogicalResourceId"], e["ResourceStatus"]) for e in told]


def at_rest() -> dict[str, str]:
    """Each stack's status, once none is in progress."""
    until = time.monotonic() + SECONDS_AT_MOST
    while True:
        told = {name: stack["StackStatus"] for name, stack in stacks().items()}
        if not any(s.endswith("_IN_PROGRESS") and s != "REVIEW_IN_PROGRESS" for s in told.values()):
            return told
        assert time.monotonic() < until, told
        time.sleep(0.1)


def versions() -> list[str]:
    """The numeric versions of the enclave's guardrail, oldest first."""
    bedrock = boto3.client("bedrock")
    (guardrail,) = bedrock.list_guardrails()["guardrails"]
    told = bedrock.list_guardrails(guardrailIdentifier=guardrail["id"])["guardrails"]
    return sorted((g["version"] for g in told if g["version"] != "DRAFT"), key=int)


def enforced() -> str:
    (config,) = boto3.client("bedrock").list_enforced_guardrails_configuration()["guardrailsConfig"]
    return str(config["guardrailVersion"])


def edit_profile(cli: Cli, change: tuple[str, str, int]) -> None:
    path = cli.folder / "enclaves" / "profiles" / "baseline.yaml"
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
