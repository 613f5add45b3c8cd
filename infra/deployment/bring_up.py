"""Bring one enclave up: synth, gate, deploy with the ordinary CDK CLI, verify what is live."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any

from infra.deployment.account import AccountError
from infra.deployment.cdk import cdk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from infra.controls.judgement import Judgement
    from infra.deployment.progress import Stages
    from infra.judges.template import Template
    from infra.settings import Enclave

BOOTSTRAP_VERSION = "/cdk-bootstrap/hnb659fds/version"
KEEPER_SECONDS_AT_MOST = 60
# `sandbox-network | 12/45 | 9:20:00 AM | CREATE_COMPLETE | AWS::EC2::Subnet | …`: a resource, and not a stack, is done.
DONE = re.compile(r"\| (CREATE|UPDATE|DELETE)_COMPLETE +\| (?!AWS::CloudFormation::Stack)")


@dataclass(frozen=True)
class Target:
    """The AWS to deploy to: a session for boto3, and what the CLI takes from its environment."""

    name: str
    session: Any
    environment: Mapping[str, str] = field(default_factory=dict)
    evidence_session: Any = None
    """On the evidence account, where that is another."""

    @property
    def sessions(self) -> list[Any]:
        """One for each account."""
        return [each for each in (self.session, self.evidence_session) if each is not None]


@dataclass(frozen=True)
class Outcome:
    """What a run came to; `live` is None where the gate stopped it before anything was deployed."""

    templates: Sequence[Template]
    gate: Judgement
    live: Judgement | None
    reports: Path

    @property
    def resources(self) -> int:
        """How many resources the templates declare."""
        return sum(len(template.body["Resources"]) for template in self.templates)

    @property
    def exit_code(self) -> int:
        """0 only if the gate and the live verification both hold."""
        return self.gate.exit_code or (self.live.exit_code if self.live else 1)


def bring_up(
    settings: Enclave, target: Target, *, folder: Path, assembly: Path, reports: Path, stages: Stages, as_of: date
) -> Outcome:
    """Run all stages; a gate that does not hold stops the run before the account is touched.

    Args:
        settings: the enclave.
        target: where to; it must be bootstrapped.
        folder: the project, with its cdk.json.
        assembly: where synth writes the templates.
        reports: where logs and findings are written.
        stages: shows progress and keeps the time.
        as_of: the day that decides what has expired.

    Raises:
        CdkError: a CDK command failed; the message has the end of its output.
        LiveError: the account could not be read to the end.
    """
    from infra.gate import gate
    from infra.judges.template import assembly_templates
    from infra.verification import verify

    with stages.stage("synth", 1, "assembly"):
        synth = ["synth", "--quiet", "--output", str(assembly), "--context", f"enclave={settings.name}"]
        cdk(synth, folder=folder, environment={}, log=reports / "synth.log")
    templates = assembly_templates(assembly)
    with stages.stage("gate", len(templates), "templates"):
        gated = gate(assembly, settings, as_of=as_of)
        _write(gated, reports, "check", f"check of {assembly.name}")
    outcome = Outcome(templates, gated, None, reports)
    if gated.exit_code:
        return outcome
    with stages.stage("deploy", outcome.resources, "resources") as advance:
        cdk(
            ["deploy", "--all", "--app", str(assembly), "--require-approval", "never", "--progress", "events"],
            folder=folder,
            environment=target.environment,
            log=reports / "deploy.log",
            on_line=lambda line: advance() if DONE.search(line) else None,
        )
    if settings.account_baseline:
        with stages.stage("keeper", 1, "first run"):
            wait_for_keeper(target.session)
    with stages.stage("verify", 1, "account"):
        live = verify(target.sessions, settings, as_of=as_of, assembly=assembly)
        _write(live, reports, "verify", f"verification of {target.name}")
    return Outcome(templates, gated, live, reports)


def wait_for_keeper(session: Any, seconds_at_most: float = KEEPER_SECONDS_AT_MOST) -> None:
    """Wait until the settings keeper, which its schedule starts, has turned invocation logging on.

    Returns at the latest after `seconds_at_most`: what is not on by then, the verification says. Raises AccountError
    if the account cannot be asked.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    bedrock = session.client("bedrock")
    until = time.monotonic() + seconds_at_most
    try:
        while time.monotonic() < until:
            if bedrock.get_model_invocation_logging_configuration().get("loggingConfig"):
                return
            time.sleep(0.2)
    except (ClientError, BotoCoreError) as error:
        raise AccountError(f"the account could not be asked for its invocation logging: {error}") from None


def bootstrapped(session: Any) -> bool:
    """Whether the account and region hold the CDK's bootstrap stack. Raises AccountError if they cannot be asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    ssm = session.client("ssm")
    try:
        ssm.get_parameter(Name=BOOTSTRAP_VERSION)
    except ssm.exceptions.ParameterNotFound:
        return False
    except (ClientError, BotoCoreError) as error:
        raise AccountError(f"the account could not be asked for its bootstrap version: {error}") from None
    return True


def missing_bootstraps(
    settings: Enclave, target: Target, evidence_profile: str | None
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The target's accounts that hold no bootstrap stack, each with the environment of its own profile."""
    if not bootstrapped(target.session):
        yield settings.accounts.enclave, target.environment
    if target.evidence_session is not None and not bootstrapped(target.evidence_session):
        yield settings.accounts.evidence, {"AWS_PROFILE": evidence_profile or ""}


def bootstrap(settings: Enclave, account: str, *, environment: Mapping[str, str], folder: Path, reports: Path) -> None:
    """Run `cdk bootstrap` in an account; another than the enclave's is made to trust the enclave's. Raises CdkError."""
    arguments = ["bootstrap", f"aws://{account}/{settings.region}"]
    if account != settings.accounts.enclave:
        policy = f"arn:{settings.partition}:iam::aws:policy/AdministratorAccess"
        arguments += ["--trust", settings.accounts.enclave, "--cloudformation-execution-policies", policy]
    cdk(arguments, folder=folder, environment=environment, log=reports / "bootstrap.log")


def summarise(
    console: Console,
    settings: Enclave,
    target: Target,
    outcome: Outcome,
    stages: Stages,
    *,
    folder: Path,
    limits: Sequence[str] = (),
) -> None:
    """Print one screen of what a run came to; `limits` is what the target does not emulate."""
    from infra.report.summary import show

    show(
        console,
        enclave=settings.name,
        target=target.name,
        templates=outcome.templates,
        gate=outcome.gate,
        live=outcome.live,
        seconds=stages.seconds,
        limits=limits,
        reports=[str(path.relative_to(folder)) for path in sorted(outcome.reports.glob("*"))],
    )


def _write(judgement: Judgement, reports: Path, name: str, title: str) -> None:
    reports.mkdir(parents=True, exist_ok=True)
    for kind, suffix in (("text", "txt"), ("json", "json")):
        rendered = import_module(f"infra.report.{kind}").render(judgement, title=title)
        (reports / f"{name}.{suffix}").write_text(rendered + "\n")
