"""`sallyport up` asks before it does what cannot be undone, and says that nothing was deployed if nobody agrees."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra import verification
from infra.deployment import account, bootstrap, bring_up
from infra.deployment.bootstrap import Needed
from infra.preflight.item import Answer, State, items
from infra.preflight.run import Report, Result
from infra.settings import write_new
from scripts.main import app

if TYPE_CHECKING:
    from pathlib import Path

NEED = Needed("111122223333", "us-gov-west-1", "/cdk-bootstrap/dept7/version", 6)


@pytest.fixture
def did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order, in a project whose gate holds and whose account is not bootstrapped."""
    write_new("alpha", tmp_path)
    monkeypatch.chdir(tmp_path)
    done: list[str] = []

    def does(what: str, outcome: Any = None) -> Any:
        def doing(*arguments: object) -> Any:
            done.append(" ".join([what, *(each for each in arguments if isinstance(each, str))]))
            return outcome

        return doing

    prepared = SimpleNamespace(gate=SimpleNamespace(exit_code=0), exit_code=0)
    monkeypatch.setattr(account, "session", lambda *_: None)
    monkeypatch.setattr(verification, "accounts_of", lambda *_: [])
    monkeypatch.setattr(bring_up, "prepare", does("prepare", prepared))
    monkeypatch.setattr(bring_up, "deploy", does("deploy", prepared))
    monkeypatch.setattr(bring_up, "ask", does("ask", report()))
    monkeypatch.setattr(bring_up, "summarise", lambda *_, **__: None)
    monkeypatch.setattr(bootstrap, "missing", lambda *_: [(NEED, {})])
    monkeypatch.setattr(bootstrap, "bootstrap", does("bootstrap"))
    return done


def report(**states: State) -> Report:
    """A preflight's report, each of these items in this state."""
    known = {each.id: each for each in items()}
    results = tuple(Result(known[name], Answer(state, "as it is", "mend it")) for name, state in states.items())
    return Report("alpha", "111122223333", "us-gov-west-1", "http://localhost", results)


def up(*options: str, answer: str = "") -> Any:
    return CliRunner().invoke(app, ["up", "alpha", *options], input=answer)


def long_lock(folder: Path) -> None:
    path = folder / "enclaves" / "alpha.yaml"
    path.write_text(path.read_text().replace("evidence_days: 7", "evidence_days: 400"))


@pytest.mark.parametrize("answer", ["n\n", "\n", ""], ids=["no", "nothing", "nobody there"])
def test_a_bootstrap_refused_deploys_nothing_and_says_so(did: list[str], answer: str) -> None:
    refused = up(answer=answer)
    assert refused.exit_code == 1
    assert refused.output.splitlines()[-1] == "not confirmed: nothing was deployed"
    assert "account 111122223333 is not bootstrapped for the CDK (/cdk-bootstrap/dept7/version, version 6" in (
        refused.output
    )
    assert "Aborted" not in refused.output
    assert did == ["prepare"]


def test_a_bootstrap_agreed_to_has_the_assembly_s_qualifier(did: list[str]) -> None:
    assert up(answer="y\n").exit_code == 0
    assert did == ["prepare", "bootstrap 111122223333 dept7", "ask", "deploy"]


def test_asked_for_beforehand_it_is_not_asked_about(did: list[str]) -> None:
    assert up("--bootstrap").exit_code == 0
    assert did == ["prepare", "bootstrap 111122223333 dept7", "ask", "deploy"]


def test_a_warning_refused_does_nothing_at_all(did: list[str], tmp_path: Path) -> None:
    long_lock(tmp_path)
    refused = up(answer="n\n")
    assert (refused.exit_code, did) == (1, [])
    assert "warning: enclaves/alpha.yaml:" in refused.output
    assert refused.output.splitlines()[-1] == "not confirmed: nothing was deployed"


def test_a_warning_answered_beforehand_is_still_shown(did: list[str], tmp_path: Path) -> None:
    long_lock(tmp_path)
    done = up("--yes", "--bootstrap")
    assert (done.exit_code, did[-1]) == (0, "deploy")
    assert "warning: enclaves/alpha.yaml:" in done.output


def test_an_account_is_not_asked_for_anything_where_the_gate_does_not_hold(
    did: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen = SimpleNamespace(gate=SimpleNamespace(exit_code=1), exit_code=1)
    monkeypatch.setattr(bring_up, "prepare", lambda _: fallen)
    assert (up().exit_code, did) == (1, [])


def test_credentials_of_another_account_are_wrong_input_before_anything_is_done(
    did: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere(*_: object) -> None:
        raise verification.WrongAccount("the sessions are of account 444455556666")

    monkeypatch.setattr(verification, "accounts_of", elsewhere)
    refused = up("--bootstrap")
    assert (refused.exit_code, did) == (2, [])
    assert "the sessions are of account 444455556666" in refused.output


def test_what_the_preflight_refutes_stops_it(did: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bring_up, "ask", lambda *_: report(zones=State.REFUTED, image=State.UNVERIFIED))
    refused = up("--bootstrap", "--yes", answer="y\n")
    assert (refused.exit_code, did) == (1, ["prepare", "bootstrap 111122223333 dept7"])
    assert "REFUTED zones: as it is" in refused.output
    assert refused.output.splitlines()[-1] == "1 preconditions are refuted: nothing was deployed"


@pytest.mark.parametrize(("answer", "code"), [("n\n", 1), ("", 1), ("y\n", 0)])
def test_what_it_leaves_unverified_is_asked_about(
    did: list[str], monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    monkeypatch.setattr(bring_up, "ask", lambda *_: report(zones=State.VERIFIED, image=State.UNVERIFIED))
    asked = up("--bootstrap", "--yes", answer=answer)
    assert "image: unverified; deploy nevertheless" in asked.output
    assert (asked.exit_code, "deploy" in did) == (code, code == 0)


def test_a_precondition_that_there_is_none_of_is_wrong_input_before_anything_is_done(did: list[str]) -> None:
    refused = up("--bootstrap", "--accept", "nothing")
    assert (refused.exit_code, did) == (2, [])
    assert "no precondition nothing, allowed account, " in refused.output
