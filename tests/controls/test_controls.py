"""Every control on every case written for it: what passes, each way round it, what cannot be told, rewrites.

The cases of a control are a file of its name in `cases/`: GOOD resources that pass, and tables of edits to them by
outcome; SECTIONS are the template's other sections. A path in an edit names the place; None takes it away.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.framework import controls

if TYPE_CHECKING:
    from types import ModuleType

CASES = Path(__file__).parent / "cases"
TABLES = {"BYPASSES": "fail", "UNKNOWN": "unknown", "HARMLESS": "pass"}


def cases_of(control: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"cases_{control}", CASES / f"{control.lower().replace('-', '_')}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ALL = {each.id: cases_of(each.id) for each in controls()}
EDITS = [
    pytest.param(control, outcome, edits, id=f"{control} {table.lower()}: {name}")
    for control, cases in ALL.items()
    for table, outcome in TABLES.items()
    for name, edits in getattr(cases, table).items()
]


@pytest.mark.parametrize("control", ALL)
def test_passes_what_is_good(attempt: Any, control: str) -> None:
    trial = attempt(control, ALL[control].GOOD, **getattr(ALL[control], "SECTIONS", {}))
    assert trial.verdict == "pass", trial.findings


@pytest.mark.parametrize(("control", "outcome", "edits"), EDITS)
def test_judges(attempt: Any, edited: Any, control: str, outcome: str, edits: dict[str, Any]) -> None:
    cases = ALL[control]
    trial = attempt(control, edited(cases.GOOD, edits), **getattr(cases, "SECTIONS", {}))
    assert trial.verdict == outcome, trial.findings


@pytest.mark.parametrize("control", ALL)
def test_each_control_ships_all_kinds_of_cases(control: str) -> None:
    assert all(getattr(ALL[control], table) for table in TABLES)


def test_without_the_baseline_a_template_cannot_tell(attempt: Any, edited: Any, settings: Any) -> None:
    relying = settings.model_copy(update={"account_baseline": False})
    trial = attempt("NET-05", edited(ALL["NET-05"].GOOD, {"Block": None}), settings=relying)
    assert trial.verdict == "unknown"


def test_a_guardrail_that_another_enclave_s_baseline_enforces_is_not_ours_to_pin(
    attempt: Any, edited: Any, settings: Any
) -> None:
    theirs = {"Enforced.Properties": {"GuardrailIdentifier": "abcdefabcdef", "GuardrailVersion": "3"}}
    relying = settings.model_copy(update={"account_baseline": False})
    changed = edited(ALL["GRD-03"].GOOD, theirs)
    assert attempt("GRD-03", changed, settings=relying).verdict == "pass"
    assert attempt("GRD-03", changed).verdict == "fail"


def test_a_finding_names_the_resource_the_value_and_what_to_do(attempt: Any, edited: Any) -> None:
    path = "Evidence.Properties.ObjectLockConfiguration.Rule.DefaultRetention.Days"
    trial = attempt("EVD-01", edited(ALL["EVD-01"].GOOD, {path: 6}))
    (finding,) = [each for each in trial.findings if each.verdict == "fail"]
    assert finding.subject == "stack/Evidence"
    assert finding.source.logical_id == "Evidence"
    assert "6 days" in finding.witness
    assert "7" in finding.remedy


def test_what_happens_in_another_account_is_for_others_to_notice(attempt: Any, settings: Any) -> None:
    accounts = settings.accounts.model_copy(update={"enclave": "444455556666"})
    trial = attempt("EVD-06", ALL["EVD-06"].GOOD, settings=settings.model_copy(update={"accounts": accounts}))
    unnoticed = {each.subject for each in trial.findings if each.verdict == "unknown"}
    assert "policy change in account 111122223333" in unnoticed


VERBS = (
    *("add", "allow", "associate", "call", "compare", "delete", "deny", "deploy", "end", "give", "let", "list", "make"),
    *("name", "put", "raise", "run", "send", "set", "start", "store", "take", "watch", "write"),
)


@pytest.mark.parametrize("control", ALL)
def test_every_remedy_is_an_instruction(attempt: Any, edited: Any, control: str) -> None:
    cases, sections = ALL[control], getattr(ALL[control], "SECTIONS", {})
    trials = [
        attempt(control, edited(cases.GOOD, edits), **sections)
        for table in ("BYPASSES", "UNKNOWN")
        for edits in getattr(cases, table).values()
    ]
    for finding in (each for trial in trials for each in trial.findings if each.verdict != "pass"):
        assert finding.remedy.partition(" ")[0] in VERBS, finding
        # the claim or the shortfall, said again, is no instruction
        assert finding.message.removeprefix("not so: ") not in finding.remedy, finding
