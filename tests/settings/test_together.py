"""Several enclaves: told apart, and one owner of what exists once per account and region."""

from __future__ import annotations

from pathlib import Path

from infra import settings

SANDBOX = settings.load(Path("enclaves/sandbox.yaml"))


def said(*enclaves: settings.Enclave) -> list[str]:
    named = {Path(f"{index}.yaml"): enclave for index, enclave in enumerate(enclaves)}
    return [str(problem) for problem in settings.together(named)]


def test_two_owners_of_one_baseline_are_an_error_in_both() -> None:
    first, second = said(SANDBOX, SANDBOX.model_copy(update={"name": "other"}))
    assert first.startswith("0.yaml:1: account_baseline is true, but 1.yaml owns the baseline of account 111122223333")
    assert second.startswith("1.yaml:1: account_baseline is true, but 0.yaml owns the baseline of account 111122223333")


def test_a_baseline_without_an_owner_is_a_warning_that_names_what_nobody_sets() -> None:
    relying = SANDBOX.model_copy(update={"account_baseline": False})
    (problem,) = settings.together({Path("0.yaml"): relying})
    assert problem.severity == "warning"
    assert "no enclave here owns the baseline of account 111122223333 in us-gov-west-1" in problem.message
    assert "invocation logging" in problem.message


def test_an_owner_in_another_account_or_region_is_none() -> None:
    relying = SANDBOX.model_copy(update={"account_baseline": False})
    accounts = SANDBOX.accounts.model_copy(update={"enclave": "444455556666"})
    for elsewhere in ({"region": "us-gov-east-1"}, {"accounts": accounts}):
        (problem,) = said(relying, SANDBOX.model_copy(update={"name": "other", **elsewhere}))
        assert problem.startswith("0.yaml:1: account_baseline is false")
    assert said(relying, SANDBOX.model_copy(update={"name": "other"})) == []


def test_where_an_enclave_is_missing_nobody_is_said_to_own_nothing() -> None:
    relying = SANDBOX.model_copy(update={"account_baseline": False})
    assert list(settings.together({Path("0.yaml"): relying}, whole=False)) == []


def test_one_owner_in_each_region_is_none() -> None:
    other = SANDBOX.model_copy(update={"name": "other", "region": "us-gov-east-1"})
    assert said(SANDBOX, other) == []


def test_two_of_one_name_are_an_error_where_their_stacks_would_meet() -> None:
    assert [p.split(";")[0] for p in said(SANDBOX, SANDBOX.model_copy(update={"account_baseline": False}))] == [
        "1.yaml:1: name 'sandbox' is that of 0.yaml in the same account and region"
    ]


def test_neighbours_are_the_others_of_the_account_in_any_region(tmp_path: Path) -> None:
    folder = tmp_path / "enclaves"
    folder.mkdir()
    text = Path("enclaves/sandbox.yaml").read_text()
    elsewhere = text.replace("111122223333", "444455556666")
    for name, body in (("sandbox", text), ("second", text), ("far", elsewhere), ("broken", "schema: 1\n")):
        (folder / f"{name}.yaml").write_text(body.replace("name: sandbox", f"name: {name}"))
    of = settings.load(folder / "sandbox.yaml")
    assert [each.name for each in settings.neighbours(of, tmp_path)] == ["second"]
