"""The real CDK CLI deploys, compares, updates and destroys the default enclave; see test_cdk_whole.py for more.

What needs no synth takes the session's assembly, as `cdk --app cdk.out` does.
"""

import os
import random
import signal
import time
from pathlib import Path

import boto3

from infra.deployment.bring_up import wait_for_keeper
from tests.cli.conftest import DEPLOY, Cli, at_rest, edit_profile, enforced, events, stacks, versions

ALL = {f"sandbox-{part}" for part in ("access", "archive", "foundation", "hosting", "inference", "network")}

EVENTS = 330
"""As many as the stacks tell while the enclave is deployed: two of each resource, three of each stack."""
KILLED_AT = random.Random(20261124).randrange(int(0.8 * EVENTS))

# In the order of the file: each test goes on where the one before it left the account.


def test_killed_in_the_middle_the_cli_leaves_cloudformation_at_work(cli: Cli, assembly: Path) -> None:
    """And the next test deploys again. See test_killed.py for more points, and for the server killed."""
    started = cli.start(*DEPLOY, str(assembly))
    while len(events()) < KILLED_AT:
        assert started.poll() is None, f"the deployment was over before event {KILLED_AT}"
        time.sleep(0.02)
    os.killpg(started.pid, signal.SIGKILL)
    started.communicate()
    assert set(at_rest().values()) <= {"CREATE_COMPLETE", "REVIEW_IN_PROGRESS"}
    assert len(stacks()) < 6


def test_deploy_all_makes_every_stack_and_the_keeper_runs(cli: Cli, assembly: Path) -> None:
    printed = cli.run(*DEPLOY, str(assembly))
    assert printed.count("✅") == 6
    assert {name: s["StackStatus"] for name, s in stacks().items()} == dict.fromkeys(ALL, "CREATE_COMPLETE")
    wait_for_keeper(boto3)
    assert boto3.client("bedrock").get_model_invocation_logging_configuration()["loggingConfig"]


def test_diff_of_what_is_deployed_is_empty(cli: Cli, assembly: Path) -> None:
    printed = cli.run("diff", "--app", str(assembly))
    assert "Number of stacks with differences: 0" in printed or printed.count("There were no differences") == 6


def test_an_edited_topic_is_deployed_as_a_new_version_and_the_other_stacks_stay(cli: Cli) -> None:
    first = versions()
    edit_profile(cli, ("Monitoring, tracking", "Watching, tracking", 1))
    printed = cli.run("deploy", "--all", "--require-approval", "never")
    assert printed.count("(no changes)") == 5
    assert stacks()["sandbox-inference"]["StackStatus"] == "UPDATE_COMPLETE"
    assert versions() == [*first, str(int(first[-1]) + 1)]
    assert enforced() == versions()[-1]


def test_destroy_all_stops_at_the_first_protected_stack(cli: Cli, assembly: Path) -> None:
    printed = cli.run("destroy", "--all", "--force", "--app", str(assembly), fails=True)
    assert "cannot be deleted while TerminationProtection is enabled" in printed
    assert set(stacks()) == {"sandbox-archive", "sandbox-foundation"}
