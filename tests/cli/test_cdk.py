"""The real CDK CLI, as anyone would type it, against a running embedded AWS."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from infra.deployment.embedded import embedded
from infra.settings import find, load

ROOT = Path(__file__).resolve().parents[2]
BINARIES = Path(sys.executable).parent


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
        made.run("bootstrap", f"aws://{settings.accounts.enclave}/{settings.region}")
        yield made


def stacks() -> dict[str, Any]:
    cloudformation = boto3.client("cloudformation")
    return {s["StackName"]: s for s in cloudformation.describe_stacks()["Stacks"] if s["StackName"] != "CDKToolkit"}


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


# In the order of the file: each test goes on where the one before it left the account.


def test_deploy_all_makes_every_stack(cli: Cli) -> None:
    printed = cli.run("deploy", "--all", "--require-approval", "never", "--concurrency", "2")
    assert printed.count("✅") == 6
    assert {name: s["StackStatus"] for name, s in stacks().items()} == dict.fromkeys(
        [f"sandbox-{part}" for part in ("access", "archive", "foundation", "hosting", "inference", "network")],
        "CREATE_COMPLETE",
    )
    assert all(s["EnableTerminationProtection"] for n, s in stacks().items() if n.endswith(("archive", "foundation")))
    wait_for_keeper(boto3)
    assert boto3.client("bedrock").get_model_invocation_logging_configuration()["loggingConfig"]


def test_deploying_again_changes_nothing(cli: Cli) -> None:
    before = {name: s.get("LastUpdatedTime") for name, s in stacks().items()}
    printed = cli.run("deploy", "--all", "--require-approval", "never")
    assert printed.count("(no changes)") == 6, printed[:3000]
    assert {name: s.get("LastUpdatedTime") for name, s in stacks().items()} == before


def test_diff_of_what_is_deployed_is_empty(cli: Cli) -> None:
    printed = cli.run("diff")
    assert "Number of stacks with differences: 0" in printed or printed.count("There were no differences") == 6


def test_a_changed_topic_is_shown_deployed_as_a_new_version_and_enforced(cli: Cli) -> None:
    first = versions()
    edit_profile(cli, ("# ", "# A comment is no change: ", 1))
    assert "There were no differences" in cli.run("diff", "sandbox/Inference")
    edit_profile(cli, ("Monitoring, tracking", "Watching, tracking", 1))
    assert "GuardrailVersion" in cli.run("diff", "sandbox/Inference")
    cli.run("deploy", "--all", "--require-approval", "never")
    assert versions() == [*first, str(int(first[-1]) + 1)]
    assert enforced() == versions()[-1]


def test_rolled_back_it_is_a_version_again_and_the_old_ones_stay(cli: Cli) -> None:
    before = versions()
    shutil.copy(ROOT / "enclaves/profiles/baseline.yaml", cli.folder / "enclaves/profiles/baseline.yaml")
    cli.run("deploy", "--all", "--require-approval", "never")
    assert versions() == [*before, str(int(before[-1]) + 1)]
    assert enforced() == versions()[-1]
    assert {s["StackStatus"] for n, s in stacks().items() if n.endswith("inference")} == {"UPDATE_COMPLETE"}


def test_destroy_all_stops_at_the_first_protected_stack(cli: Cli) -> None:
    printed = cli.run("destroy", "--all", "--force", fails=True)
    assert "cannot be deleted while TerminationProtection is enabled" in printed
    assert set(stacks()) == {"sandbox-archive", "sandbox-foundation"}
