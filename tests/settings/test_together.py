"""Several enclaves: told apart, and one owner of what exists once per account and region."""

from __future__ import annotations

from pathlib import Path

from infra import settings

SANDBOX = settings.load(Path("enclaves/sandbox.yaml"))


def said(*enclaves: settings.Enclave) -> list[str]:
    named = {Path(f"{index}.yaml"): enclave for index, enclave in enumerate(enclaves)}
    return [str(problem) for problem in settings.together(named)]


def test_two_owners_of_one_baseline_are_an_error() -> None:
    other = SANDBOX.model_copy(update={"name": "other"})
    (problem,) = said(SANDBOX, other)
    assert problem.startswith(
        "1.yaml:1: account_baseline is true, but 0.yaml owns the baseline of account 111122223333"
    )


def test_one_owner_in_each_region_is_none() -> None:
    other = SANDBOX.model_copy(update={"name": "other", "region": "us-gov-east-1"})
    assert said(SANDBOX, other) == []


def test_two_of_one_name_are_an_error_where_their_stacks_would_meet() -> None:
    assert [p.split(";")[0] for p in said(SANDBOX, SANDBOX.model_copy(update={"account_baseline": False}))] == [
        "1.yaml:1: name 'sandbox' is that of 0.yaml in the same account and region"
    ]
