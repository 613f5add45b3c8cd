"""What a Step Functions state machine does, step by step, with the services' answers given.

Enough of the Amazon States Language (JSONPath) to run workflows without loops over data; what is beyond it raises
Beyond, which a control reports as unknown. Source: states-language.net, "Amazon States Language", read 2026-11-24.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.unknown import Unknown

STEPS_AT_MOST = 1000
ABSENT = object()


class Beyond(Exception):
    """Something of the definition that this simulation does not follow."""


class _Failed(Exception):
    """The execution fails."""


@dataclass(frozen=True, slots=True)
class Call:
    """One task: the resource it names, and the parameters it sends."""

    resource: str
    parameters: Any


@dataclass(slots=True)
class Run:
    """One execution: the calls in order, and whether it succeeded."""

    calls: list[Call] = field(default_factory=list)
    succeeded: bool = False


Answer = Callable[[Call], Any]


def simulate(definition: Any, answer: Answer) -> Run:
    """Run a definition with empty input; `answer` gives each call's output. Raises Beyond."""
    run = Run()
    try:
        _machine(definition, {}, answer, run)
        run.succeeded = True
    except _Failed:
        pass
    return run


def _machine(machine: Any, data: Any, answer: Answer, run: Run) -> Any:
    if not isinstance(machine, Mapping) or not isinstance(machine.get("States"), Mapping):
        raise Beyond(str(machine) if isinstance(machine, Unknown) else "the definition has no states")
    if machine.get("QueryLanguage", "JSONPath") != "JSONPath":
        raise Beyond("the definition is not in JSONPath")
    name = machine.get("StartAt")
    for _ in range(STEPS_AT_MOST):
        state = machine["States"].get(name)
        if not isinstance(state, Mapping):
            raise Beyond(f"there is no state {name}")
        data, name = _state(state, data, answer, run)
        if name is None:
            return data
    raise Beyond(f"it takes more than {STEPS_AT_MOST} steps")


def _state(state: Mapping[str, Any], data: Any, answer: Answer, run: Run) -> tuple[Any, Any]:
    """The data after a state, and the next state's name; None ends."""
    after = None if state.get("End") is True else state.get("Next")
    seen = _at(state["InputPath"], data) if state.get("InputPath") else data
    match state.get("Type"):
        case "Succeed":
            return data, None
        case "Fail":
            raise _Failed
        case "Wait":
            return data, after
        case "Choice":
            for rule in state.get("Choices", ()):
                if _holds(rule, seen):
                    return data, rule.get("Next")
            if "Default" not in state:
                raise _Failed
            return data, state["Default"]
        case "Pass":
            parameters = _filled(state["Parameters"], seen) if "Parameters" in state else seen
            return _placed(state, data, state.get("Result", parameters)), after
        case "Task":
            call = Call(str(state.get("Resource")), _filled(state.get("Parameters", seen), seen))
            run.calls.append(call)
            result = answer(call)
            if result is ABSENT:
                return _caught(state, data)
            return _placed(state, data, result), after
        case "Parallel":
            given = _filled(state["Parameters"], seen) if "Parameters" in state else seen
            results = [_machine(branch, given, answer, run) for branch in state.get("Branches", ())]
            return _placed(state, data, results), after
        case kind:
            raise Beyond(f"a state of type {kind} is not followed")


def _caught(state: Mapping[str, Any], data: Any) -> tuple[Any, Any]:
    for catcher in state.get("Catch", ()):
        if {"States.ALL", "States.TaskFailed"} & set(catcher.get("ErrorEquals", ())):
            return _placed(catcher, data, {"Error": "States.TaskFailed"}), catcher.get("Next")
    raise _Failed


def _placed(state: Mapping[str, Any], data: Any, result: Any) -> Any:
    """The data with a result where ResultPath says, then what OutputPath leaves of it."""
    if "ResultSelector" in state:
        result = _filled(state["ResultSelector"], result)
    path = state.get("ResultPath", "$")
    if path is None:
        placed = data
    elif path == "$":
        placed = result
    else:
        placed = _set(data, _steps(path), result)
    return _at(state["OutputPath"], placed) if state.get("OutputPath") else placed


def _set(data: Any, steps: list[str | int], value: Any) -> Any:
    if not steps:
        return value
    first, *rest = steps
    base = dict(data) if isinstance(data, Mapping) else {}
    base[str(first)] = _set(base.get(str(first), {}), rest, value)
    return base


def _steps(path: str) -> list[str | int]:
    if not re.fullmatch(r"\$(\.\w+|\['\w+'\]|\[\d+\])*", path):
        raise Beyond(f"path {path} is not followed")
    return [
        int(number) if number else name or quoted
        for name, quoted, number in re.findall(r"\.(\w+)|\['(\w+)'\]|\[(\d+)\]", path)
    ]


def _find(path: str, data: Any) -> Any:
    for step in _steps(path):
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return ABSENT
    return data


def _at(path: str, data: Any) -> Any:
    found = _find(path, data)
    if found is ABSENT:
        raise _Failed
    return found


def _filled(template: Any, data: Any) -> Any:
    """A template's values, those under a name that ends in `.$` taken from the data or left as they are written."""
    match template:
        case Mapping():
            filled = {}
            for name, value in template.items():
                if (
                    name.endswith(".$")
                    and isinstance(value, str)
                    and value.startswith("$")
                    and not value.startswith("$$")
                ):
                    filled[name.removesuffix(".$")] = _at(value, data)
                else:
                    filled[name.removesuffix(".$")] = _filled(value, data)
            return filled
        case tuple() | list():
            return [_filled(each, data) for each in template]
        case _:
            return template


def _holds(rule: Mapping[str, Any], data: Any) -> bool:
    """Whether a choice rule holds; a comparison of what is not there fails the execution, as AWS has it."""
    if "And" in rule:
        return all(_holds(each, data) for each in rule["And"])
    if "Or" in rule:
        return any(_holds(each, data) for each in rule["Or"])
    if "Not" in rule:
        return not _holds(rule["Not"], data)
    operators = [name for name in rule if name not in ("Variable", "Next", "Comment")]
    if len(operators) != 1 or not isinstance(rule.get("Variable"), str):
        raise Beyond(f"choice rule {dict(rule)} is not followed")
    (operator,) = operators
    value, wanted = _find(rule["Variable"], data), rule[operator]
    if isinstance(wanted, Unknown):
        raise Beyond(str(wanted))
    if operator == "IsPresent":
        return (value is not ABSENT) == bool(wanted)
    if value is ABSENT:
        raise _Failed
    if operator not in _COMPARISONS:
        raise Beyond(f"comparison {operator} is not followed")
    kind, test = _COMPARISONS[operator]
    return isinstance(value, kind) and bool(test(value, wanted))


_COMPARISONS: dict[str, tuple[type | tuple[type, ...], Callable[[Any, Any], bool]]] = {
    "BooleanEquals": (bool, lambda value, wanted: value is wanted),
    "IsBoolean": (object, lambda value, wanted: isinstance(value, bool) == wanted),
    "IsNull": (object, lambda value, wanted: (value is None) == wanted),
    "IsString": (object, lambda value, wanted: isinstance(value, str) == wanted),
    "NumericEquals": ((int, float), lambda value, wanted: value == wanted),
    "StringEquals": (str, lambda value, wanted: value == wanted),
}
