"""Which bootstrap an assembly needs, whether an account has it, and how it is made."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from infra.deployment import bootstrap as module
from infra.deployment.account import AccountError
from infra.deployment.bootstrap import Needed, bootstrap, bootstrapped, missing, needed
from infra.deployment.bring_up import Run, Target
from infra.deployment.progress import Stages
from infra.settings import find, load

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
HERE, EVIDENCE = "111122223333", "444455556666"
NEED = Needed(HERE, "us-gov-west-1", "/cdk-bootstrap/dept7/version", 6)
NOBODY = {"aws_access_key_id": "none", "aws_secret_access_key": "none", "region_name": "us-gov-west-1"}


class Session:
    """An account of which only this parameter is known; None: asking for it is an error."""

    def __init__(self, parameter: str, value: str | None, error: str = "ParameterNotFound") -> None:
        self.ssm = boto3.client("ssm", **NOBODY)
        stubber = Stubber(self.ssm)
        if value is None:
            stubber.add_client_error("get_parameter", error, expected_params={"Name": parameter})
        else:
            stubber.add_response("get_parameter", {"Parameter": {"Value": value}}, {"Name": parameter})
        stubber.activate()

    def client(self, service: str) -> Any:
        assert service == "ssm"
        return self.ssm


@pytest.fixture
def run(tmp_path: Path) -> Run:
    settings = load(find("sandbox", ROOT))
    accounts = settings.accounts.model_copy(update={"evidence": EVIDENCE})
    return Run(settings.model_copy(update={"accounts": accounts}), tmp_path, Stages(), date(2026, 11, 24))


@pytest.fixture
def two_accounts(run: Run) -> Path:
    """Stacks of two accounts, as the CDK writes them where the context names a qualifier."""

    def stack(account: str, version: int) -> dict[str, Any]:
        properties = {
            "templateFile": "x.json",
            "requiresBootstrapStackVersion": version,
            "bootstrapStackVersionSsmParameter": "/cdk-bootstrap/dept7/version",
        }
        return {
            "type": "aws:cloudformation:stack",
            "environment": f"aws://{account}/us-gov-west-1",
            "properties": properties,
        }

    stacks = {"a": stack(HERE, 6), "b": stack(HERE, 21), "c": stack(EVIDENCE, 6)}
    run.assembly.mkdir()
    manifest = {"artifacts": {"tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}}, **stacks}}
    (run.assembly / "manifest.json").write_text(json.dumps(manifest))
    return run.assembly


def test_what_is_needed_is_read_from_the_assembly_once_for_each_account(two_accounts: Path) -> None:
    assert needed(two_accounts) == (
        Needed(HERE, "us-gov-west-1", "/cdk-bootstrap/dept7/version", 21),
        Needed(EVIDENCE, "us-gov-west-1", "/cdk-bootstrap/dept7/version", 6),
    )
    assert {each.qualifier for each in needed(two_accounts)} == {"dept7"}


def test_the_default_enclave_needs_one_by_the_default_qualifier(assembly: Path) -> None:
    (need,) = needed(assembly)
    assert (need.account, need.qualifier, need.version > 0) == (HERE, "hnb659fds", True)


@pytest.mark.parametrize(
    ("value", "there"), [("6", True), ("28", True), ("5", False), (None, False), ("", False), ("six", False)]
)
def test_one_that_is_too_old_is_none(value: str | None, there: bool) -> None:
    assert bootstrapped(Session(NEED.parameter, value), NEED) is there


def test_an_account_that_cannot_be_asked_is_an_error() -> None:
    with pytest.raises(AccountError, match="could not be asked for its bootstrap version"):
        bootstrapped(Session(NEED.parameter, None, "AccessDeniedException"), NEED)


@pytest.mark.usefixtures("two_accounts")
def test_each_account_is_asked_with_its_own_session_and_bootstrapped_with_its_own_profile(run: Run) -> None:
    name = "/cdk-bootstrap/dept7/version"
    target = Target("x", Session(name, "28"), {"AWS_PROFILE": "a"}, Session(name, None), {"AWS_PROFILE": "b"})
    assert [(need.account, environment) for need, environment in missing(run, target)] == [
        (EVIDENCE, {"AWS_PROFILE": "b"})
    ]
    alone = Target("x", Session(name, "20"), {"AWS_PROFILE": "a"})
    assert [(need.account, environment) for need, environment in missing(run, alone)] == [(HERE, {"AWS_PROFILE": "a"})]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """The `cdk` command that would have been run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(module, "cdk", lambda arguments, **_: commands.append(arguments))
    return commands.pop


def test_the_cli_is_given_no_app_to_synthesise(run: Run, typed: Callable[[], list[str]]) -> None:
    bootstrap(run, HERE, {})
    assert typed() == ["bootstrap", f"aws://{HERE}/us-gov-west-1", "--app", ""]
    bootstrap(run, HERE, {}, "hnb659fds")
    assert typed() == ["bootstrap", f"aws://{HERE}/us-gov-west-1", "--app", ""]


def test_a_qualifier_of_one_s_own_gets_a_stack_of_its_own(run: Run, typed: Callable[[], list[str]]) -> None:
    bootstrap(run, HERE, {}, "dept7")
    assert typed()[4:] == ["--qualifier", "dept7", "--toolkit-stack-name", "CDKToolkit-dept7"]


def test_another_account_trusts_the_enclave_s(run: Run, typed: Callable[[], list[str]]) -> None:
    bootstrap(run, EVIDENCE, {})
    assert typed()[4:6] == ["--trust", HERE]
