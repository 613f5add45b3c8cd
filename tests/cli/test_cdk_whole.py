"""The real CDK CLI, as anyone would type it, through a whole life of the enclave on a running embedded AWS."""

import shutil

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from tests.cli.conftest import ROOT, Cli, edit_profile, enforced, stacks, versions

pytestmark = pytest.mark.full

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
