"""The real CDK CLI, as anyone would type it, through a whole life of the enclave on a running embedded AWS."""

import json
import shutil
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from infra.deployment.bring_up import wait_for_keeper
from infra.settings import find, load
from tests.cli.conftest import ROOT, Cli, edit_profile, enforced, stacks, versions
from tests.deployed import keeper
from tests.deployed.conftest import World

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


@pytest.fixture(scope="module")
def world(cli: Cli) -> World:
    """What the first test has deployed."""
    return World(load(find("sandbox", ROOT)), cli.folder / "cdk.out", boto3.Session())


def in_the_end(told: Callable[[], Any], seconds_at_most: float = 60) -> Any:
    """What it tells once it tells something, by the time that passes alone; nothing if it never does."""
    until = time.monotonic() + seconds_at_most
    while not (found := told()) and time.monotonic() < until:
        time.sleep(0.5)
    return found


def test_the_keeper_s_settings_are_on_by_themselves(world: World) -> None:
    assert in_the_end(lambda: keeper.logging(world))
    bedrock = world.client("bedrock")
    assert in_the_end(lambda: bedrock.get_account_data_retention()["mode"] != "default")
    wait_for_keeper(boto3)


def test_logging_that_someone_deletes_is_back_by_itself_with_an_alarm_and_a_record_of_who(world: World) -> None:
    """By boto3, with nobody waiting on the clock or starting the keeper."""
    before, queue = keeper.logging(world), keeper.listening(world)
    arn = f"arn:{world.settings.partition}:iam::{world.settings.accounts.enclave}:role/careless"
    caller = world.client("sts").assume_role(RoleArn=arn, RoleSessionName="somebody")["Credentials"]
    careless = boto3.Session(caller["AccessKeyId"], caller["SecretAccessKey"], caller["SessionToken"])
    careless.client("bedrock").delete_model_invocation_logging_configuration()
    assert in_the_end(lambda: keeper.logging(world)) == before

    messages: list[str] = []
    name = "DeleteModelInvocationLoggingConfiguration"

    def alarmed() -> bool:
        messages.extend(keeper.heard(world, queue))
        return any("InvocationLogging differed" in each for each in messages) and any(name in each for each in messages)

    assert in_the_end(alarmed), messages
    (told,) = [json.loads(each)["detail"] for each in messages if name in each]
    asked = [{"AttributeKey": "EventName", "AttributeValue": name}]
    events = world.client("cloudtrail").lookup_events(LookupAttributes=asked)["Events"]
    assert {json.loads(each["CloudTrailEvent"])["userIdentity"]["arn"] for each in events} == {
        told["userIdentity"]["arn"]
    }
    assert told["userIdentity"]["arn"].endswith("assumed-role/careless/somebody")


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
