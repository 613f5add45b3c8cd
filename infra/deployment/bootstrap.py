"""The CDK's bootstrap of an account and region: what an assembly needs of it, whether it is there, and making it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.deployment.account import AccountError
from infra.deployment.cdk import cdk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from infra.deployment.bring_up import Run, Target

DEFAULT_QUALIFIER = "hnb659fds"


@dataclass(frozen=True, order=True)
class Needed:
    """What the stacks of an assembly need of one account and region: a parameter that says at least this version."""

    account: str
    region: str
    parameter: str
    version: int

    @property
    def qualifier(self) -> str:
        """The bootstrap's qualifier, in the middle of `/cdk-bootstrap/hnb659fds/version`."""
        return self.parameter.split("/")[2]

    def __str__(self) -> str:
        """How a question names it."""
        return f"{self.parameter}, version {self.version} or newer"


def needed(assembly: Path) -> tuple[Needed, ...]:
    """What the stacks of an assembly need, each account and region once. Raises TemplateError if it is no assembly."""
    from infra.posture.template.files import load

    found: dict[tuple[str, str, str], int] = {}
    for artifact in load(assembly / "manifest.json")["artifacts"].values():
        given = artifact.get("properties", {})
        if artifact["type"] == "aws:cloudformation:stack" and "bootstrapStackVersionSsmParameter" in given:
            account, region = artifact["environment"].removeprefix("aws://").split("/")
            place = (account, region, given["bootstrapStackVersionSsmParameter"])
            found[place] = max(found.get(place, 0), given.get("requiresBootstrapStackVersion", 0))
    return tuple(sorted(Needed(*place, version) for place, version in found.items()))


def bootstrapped(session: Any, need: Needed) -> bool:
    """Whether an account holds a bootstrap that is new enough. Raises AccountError if it cannot be asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    ssm = session.client("ssm")
    try:
        value = ssm.get_parameter(Name=need.parameter)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return False
    except (ClientError, BotoCoreError) as error:
        raise AccountError(f"the account could not be asked for its bootstrap version: {error}") from None
    return value.isdigit() and int(value) >= need.version


def missing(run: Run, target: Target) -> Iterator[tuple[Needed, Mapping[str, str]]]:
    """What the assembly needs and the target's accounts lack, each with the environment of the account's own profile.

    An account of which there is no session is left to the CDK CLI. Raises AccountError if one cannot be asked.
    """
    accounts = {run.settings.accounts.enclave: (target.session, target.environment)}
    if target.evidence_session is not None:
        accounts[run.settings.accounts.evidence] = (target.evidence_session, target.evidence_environment)
    for need in needed(run.assembly):
        if need.account in accounts:
            session, environment = accounts[need.account]
            if not bootstrapped(session, need):
                yield need, environment


def bootstrap(run: Run, account: str, environment: Mapping[str, str], qualifier: str | None = None) -> None:
    """Run `cdk bootstrap` in an account; another than the enclave's is made to trust the enclave's. Raises CdkError.

    Without a qualifier the CLI takes the one in the project's context, or its default. One that is not the default gets
    a bootstrap stack of its own, for the default's may serve others. The CLI is given no app: it would synthesise it.
    """
    arguments = ["bootstrap", f"aws://{account}/{run.settings.region}", "--app", ""]
    if qualifier not in (None, DEFAULT_QUALIFIER):
        arguments += ["--qualifier", str(qualifier), "--toolkit-stack-name", f"CDKToolkit-{qualifier}"]
    if account != run.settings.accounts.enclave:
        policy = f"arn:{run.settings.partition}:iam::aws:policy/AdministratorAccess"
        arguments += ["--trust", run.settings.accounts.enclave, "--cloudformation-execution-policies", policy]
    cdk(arguments, folder=run.folder, environment=environment, log=run.reports / f"bootstrap-{account}.log")
