"""The settings keeper's definition, walked state by state: it compares before it puts, and tells what went wrong."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest

from infra.constructs.settings_keeper import Kept, definition

WANTED = {
    "CloudWatchConfig": {"LogGroupName": "invocations", "RoleArn": "arn:role", "KeyPrefix": None},
    "TextDataDeliveryEnabled": True,
    "VideoDataDeliveryEnabled": True,
}
ACCOUNT: dict[str, Any] = {
    "LoggingConfig": {
        "CloudWatchConfig": {"LogGroupName": "invocations", "RoleArn": "arn:role"},
        "TextDataDeliveryEnabled": True,
        "VideoDataDeliveryEnabled": True,
    }
}
KEPT = (
    Kept("Logging", "getLogging", "putLogging", "$.found.LoggingConfig", WANTED, {"LoggingConfig": "wanted"}),
    Kept("Retention", "getRetention", "putRetention", "$.found", {"Mode": "none"}, {"Mode": "none"}),
)
MACHINE = definition(KEPT, "aws-us-gov", "arn:topic", "keeper")


class Refused(Exception):
    """What an API call of the walked machine raises."""


@dataclass
class Account:
    """An account's settings as the keeper's calls meet them, and what it was asked and told."""

    logging: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(ACCOUNT))
    retention: dict[str, Any] = field(default_factory=lambda: {"Mode": "none"})
    broken: frozenset[str] = frozenset()
    puts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def call(self, resource: str, parameters: dict[str, Any]) -> dict[str, Any]:
        name = resource.rpartition(":")[2]
        if name in self.broken:
            raise Refused(name)
        if name == "publish":
            self.told.append(parameters["Message.$"])
            return {}
        if name.startswith("put"):
            self.puts.append(name)
            return {}
        return self.logging if name == "getLogging" else self.retention


def at(path: str, data: Any) -> Any:
    """The value at a JSONPath of names and indices; KeyError where there is none."""
    for step in path.removeprefix("$").strip(".").replace("[", ".").replace("]", "").split("."):
        data = data[int(step)] if step.isdigit() else data[step]
    return data


def chosen(rule: dict[str, Any], data: dict[str, Any]) -> bool:
    """A Choice rule; a missing path raises as it fails an execution, unless an earlier part has decided."""
    match rule:
        case {"And": rules}:
            return all(chosen(one, data) for one in rules)
        case {"Or": rules}:
            return any(chosen(one, data) for one in rules)
        case {"Variable": path, "IsPresent": wanted}:
            try:
                at(path, data)
            except (KeyError, TypeError):
                return not wanted
            return bool(wanted)
        case {"Variable": path, "StringEquals": wanted} | {"Variable": path, "BooleanEquals": wanted}:
            return bool(at(path, data) == wanted)
    raise AssertionError(f"unexpected rule {rule}")


def walk(machine: dict[str, Any], account: Account, data: dict[str, Any]) -> Any:
    """Run a machine of the states the keeper uses; the name of a Fail or Succeed state ends it."""
    name = machine["StartAt"]
    while True:
        state = machine["States"][name]
        match state["Type"]:
            case "Succeed" | "Fail":
                return name
            case "Choice":
                found = [rule["Next"] for rule in state["Choices"] if chosen(rule, data)]
                name = found[0] if found else state["Default"]
                continue
            case "Pass":
                data = state["Result"]
            case "Parallel":
                data = {**data, "kept": [walk(branch, account, dict(data)) for branch in state["Branches"]]}
            case "Task":
                try:
                    result = account.call(state["Resource"], state["Parameters"])
                except Refused as error:
                    name, data = state["Catch"][0]["Next"], {**data, "error": str(error)}
                    continue
                data = {**data, state["ResultPath"].removeprefix("$."): result}
        if state.get("End"):
            return data
        name = state["Next"]


def test_an_account_as_it_should_be_is_left_alone() -> None:
    account = Account()
    assert walk(MACHINE, account, {}) == "Kept"
    assert (account.puts, account.told) == ([], [])


@pytest.mark.parametrize(
    "logging",
    [
        {},
        {"LoggingConfig": {}},
        {"LoggingConfig": {**ACCOUNT["LoggingConfig"], "VideoDataDeliveryEnabled": False}},
        {"LoggingConfig": {k: v for k, v in ACCOUNT["LoggingConfig"].items() if k != "TextDataDeliveryEnabled"}},
        {
            "LoggingConfig": {
                **ACCOUNT["LoggingConfig"],
                "CloudWatchConfig": {"LogGroupName": "elsewhere", "RoleArn": "arn:role"},
            }
        },
        {
            "LoggingConfig": {
                **ACCOUNT["LoggingConfig"],
                "CloudWatchConfig": {**ACCOUNT["LoggingConfig"]["CloudWatchConfig"], "KeyPrefix": "aside"},
            }
        },
    ],
    ids=["deleted", "emptied", "a modality off", "a modality missing", "another log group", "a prefix added"],
)
def test_whatever_differs_is_put_back_once_and_told(logging: dict[str, Any]) -> None:
    account = Account(logging=logging)
    assert walk(MACHINE, account, {}) == "Kept"
    assert account.puts == ["putLogging"]
    assert len(account.told) == 1


def test_an_empty_prefix_counts_as_none() -> None:
    account = Account()
    account.logging["LoggingConfig"]["CloudWatchConfig"]["KeyPrefix"] = ""
    assert walk(MACHINE, account, {}) == "Kept"
    assert account.puts == []


@pytest.mark.parametrize("broken", ["getRetention", "putRetention"])
def test_a_setting_that_the_account_lacks_is_told_and_fails_the_execution_but_hides_no_other(broken: str) -> None:
    account = Account(logging={}, retention={"Mode": "default"}, broken=frozenset({broken}))
    assert walk(MACHINE, account, {}) == "NotKept"
    assert account.puts == ["putLogging"]
    assert len(account.told) == 2


def test_what_cannot_be_told_fails_the_execution() -> None:
    account = Account(retention={"Mode": "inherit"}, broken=frozenset({"publish"}))
    assert walk(MACHINE, account, {}) == "NotKept"


def test_every_call_is_caught_and_none_of_them_leads_past_the_verdict() -> None:
    for branch in MACHINE["States"]["Keep"]["Branches"]:
        tasks = [state for state in branch["States"].values() if state["Type"] == "Task"]
        assert len(tasks) == 4
        assert all(state["Catch"][0]["ErrorEquals"] == ["States.ALL"] for state in tasks)
        kept = [name for name, state in branch["States"].items() if state.get("Result") is True]
        assert not {state["Catch"][0]["Next"] for state in tasks} & set(kept)
