"""Workflows run as Step Functions runs them, and what is not followed is said."""

from __future__ import annotations

from typing import Any

import pytest

from infra.controls.simulation import ABSENT, Beyond, Call, simulate
from infra.unknown import Unknown


def machine(start: str = "First", **states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": start, "States": states}


def task(name: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": name, "Parameters": {}, **more}


def choice(rule: dict[str, Any]) -> dict[str, Any]:
    return machine(
        "Get",
        Get=task("get", ResultPath="$.found", Next="Choose"),
        Choose={"Type": "Choice", "Choices": [{**rule, "Next": "Yes"}], "Default": "No"},
        Yes=task("yes", End=True),
        No=task("no", End=True),
    )


def called(definition: Any, **answers: Any) -> list[str]:
    run = simulate(definition, lambda call: answers.get(call.resource, {}))
    return [call.resource for call in run.calls]


@pytest.mark.parametrize(
    ("rule", "found", "taken"),
    [
        ({"Variable": "$.found.a", "IsPresent": True}, {"a": 1}, "yes"),
        ({"Variable": "$.found.a", "IsPresent": True}, {}, "no"),
        ({"Variable": "$.found.a", "StringEquals": "x"}, {"a": "x"}, "yes"),
        ({"Variable": "$.found.a", "StringEquals": "1"}, {"a": 1}, "no"),
        ({"Variable": "$.found.a", "BooleanEquals": True}, {"a": True}, "yes"),
        ({"Variable": "$.found.a", "BooleanEquals": True}, {"a": "true"}, "no"),
        ({"Variable": "$.found.a[1].b", "NumericEquals": 2}, {"a": [0, {"b": 2}]}, "yes"),
        ({"Not": {"Variable": "$.found.a", "IsNull": True}}, {"a": None}, "no"),
        (
            {"And": [{"Variable": "$.found.a", "IsPresent": True}, {"Variable": "$.found.b", "IsPresent": True}]},
            {"a": 1},
            "no",
        ),
        (
            {"Or": [{"Variable": "$.found.a", "IsPresent": True}, {"Variable": "$.found.b", "IsPresent": True}]},
            {"a": 1},
            "yes",
        ),
    ],
)
def test_chooses(rule: dict[str, Any], found: Any, taken: str) -> None:
    assert called(choice(rule), get=found) == ["get", taken]


def test_a_comparison_of_what_is_not_there_fails_the_execution() -> None:
    run = simulate(choice({"Variable": "$.found.a", "StringEquals": "x"}), lambda call: {})
    assert not run.succeeded
    assert [call.resource for call in run.calls] == ["get"]


def test_data_flows_through_paths() -> None:
    definition = machine(
        "Make",
        Make={"Type": "Pass", "Result": {"a": {"b": 1}}, "ResultPath": "$.made", "Next": "Use"},
        Use={
            "Type": "Task",
            "Resource": "use",
            "Parameters": {"got.$": "$.made.a.b", "id.$": "$$.Execution.Id"},
            "End": True,
        },
    )
    run = simulate(definition, lambda call: {})
    assert run.calls == [Call("use", {"got": 1, "id": "$$.Execution.Id"})]


def test_a_failing_task_is_caught_where_the_definition_says() -> None:
    caught = machine(
        "Try",
        Try=task("try", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Mend"}], Next="Go"),
        Go=task("go", End=True),
        Mend=task("mend", End=True),
    )
    run = simulate(caught, lambda call: ABSENT if call.resource == "try" else {})
    assert [call.resource for call in run.calls] == ["try", "mend"]
    uncaught = simulate(machine("Try", Try=task("try", End=True)), lambda call: ABSENT)
    assert not uncaught.succeeded


def test_branches_all_run() -> None:
    branches = [machine("A", A=task("a", End=True)), machine("B", B=task("b", End=True))]
    definition = machine(
        "Both", Both={"Type": "Parallel", "Branches": branches, "Next": "Done"}, Done={"Type": "Succeed"}
    )
    assert called(definition) == ["a", "b"]


@pytest.mark.parametrize(
    "definition",
    [
        Unknown("a parameter"),
        {},
        {"QueryLanguage": "JSONata", **machine(First={"Type": "Succeed"})},
        machine(Other={"Type": "Succeed"}),
        machine(First={"Type": "Map", "End": True}),
        machine(First={"Type": "Pass", "Next": "First"}),
        machine(First={"Type": "Pass", "InputPath": "$..deep", "End": True}),
        choice({"Variable": "$.found", "TimestampEquals": "2026-11-24T00:00:00Z"}),
        choice({"Variable": "$.found.a", "StringEquals": "x", "IsPresent": True}),
    ],
)
def test_what_is_not_followed_is_said(definition: Any) -> None:
    with pytest.raises(Beyond):
        simulate(definition, lambda call: {})
