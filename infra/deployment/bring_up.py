"""Bring one enclave up: synth, gate, deploy with the ordinary CDK CLI, verify what is live."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from infra.deployment.account import AccountError
from infra.deployment.artifact import Artifact, bucket_of, store
from infra.deployment.cdk import cdk

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from rich.console import Console

    from infra.controls.judgement import Judgement
    from infra.deployment.progress import Stages
    from infra.judges.template import Template
    from infra.preflight.run import Report
    from infra.settings import Enclave

KEEPER = "-settings-keeper"
"""How the name of the keeper's state machine ends."""
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
    evidence_environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def sessions(self) -> list[Any]:
        """One for each account."""
        return [each for each in (self.session, self.evidence_session) if each is not None]


@dataclass(frozen=True)
class Run:
    """One run for an enclave: the project's folder, who shows progress, and the day that decides what has expired."""

    settings: Enclave
    folder: Path
    stages: Stages
    as_of: date

    @property
    def assembly(self) -> Path:
        """Where synth writes the templates."""
        return self.folder / "cdk.out"

    @property
    def reports(self) -> Path:
        """Where logs and findings are written."""
        return self.folder / "build" / self.settings.name


@dataclass(frozen=True)
class Outcome:
    """What a run came to; `live` is None where the gate stopped it before anything was deployed."""

    templates: Sequence[Template]
    gate: Judgement
    live: Judgement | None = None

    @property
    def resources(self) -> int:
        """How many resources the templates declare."""
        return sum(len(template.body["Resources"]) for template in self.templates)

    @property
    def exit_code(self) -> int:
        """0 only if the gate and the live verification both hold."""
        return self.gate.exit_code or (self.live.exit_code if self.live else 1)


def prepare(run: Run) -> Outcome:
    """Synthesise the enclave and run the gate over it; no account is touched.

    Raises CdkError if synth failed; the message has the end of its output.
    """
    from infra.gate import gate
    from infra.judges.template import assembly_templates

    with run.stages.stage("synth", 1, "assembly"):
        synth = ["synth", "--quiet", "--output", str(run.assembly), "--context", f"enclave={run.settings.name}"]
        cdk(synth, folder=run.folder, environment={}, log=run.reports / "synth.log")
    templates = assembly_templates(run.assembly)
    with run.stages.stage("gate", len(templates), "templates"):
        gated = gate(run.assembly, run.settings, as_of=run.as_of)
        _write(gated, run.reports, "check", f"check of {run.assembly.name}")
    return Outcome(templates, gated)


def ask(run: Run, target: Target, accept: Collection[str] = ()) -> Report:
    """Ask the target's accounts what the deployment rests on; nothing that stays is changed.

    `accept` are preconditions that may be unverified. Raises UnknownItem for one that there is none of.
    """
    from infra.preflight import json, text
    from infra.preflight.item import items
    from infra.preflight.run import preflight
    from infra.settings import neighbours

    sessions = {"enclave": target.session}
    if run.settings.accounts.evidence == run.settings.accounts.enclave:
        sessions["evidence"] = target.session
    elif target.evidence_session is not None:
        sessions["evidence"] = target.evidence_session
    wanted = sum(each.when(run.settings) for each in items())
    with run.stages.stage("preflight", wanted, "preconditions"):
        others = neighbours(run.settings, run.folder)
        report = preflight(sessions, run.settings, assembly=run.assembly, others=others, accept=accept)
    run.reports.mkdir(parents=True, exist_ok=True)
    (run.reports / "preflight.txt").write_text(text.render(report, how=True) + "\n")
    (run.reports / "preflight.json").write_text(json.render(report) + "\n")
    return report


def deploy(run: Run, prepared: Outcome, target: Target, artifact: Artifact | None = None) -> Outcome:
    """Deploy what was prepared, and verify what is live; a gate that does not hold leaves the account untouched.

    The target's accounts must be bootstrapped. An artefact is stored as soon as Foundation's bucket is there, for
    SageMaker looks for it when it makes the model. Raises CdkError if the deploy failed, with the end of its output,
    AccountError if the artefact could not be stored, and LiveError if the account could not be read to the end.
    """
    from infra.verification import verify

    if prepared.gate.exit_code:
        return prepared
    with run.stages.stage("deploy", prepared.resources, "resources") as advance:

        def put(which: str, log: str) -> None:
            cdk(
                ["deploy", which, "--app", str(run.assembly), "--require-approval", "never", "--progress", "events"],
                folder=run.folder,
                environment=target.environment,
                log=run.reports / log,
                on_line=lambda line: advance() if DONE.search(line) else None,
            )

        if artifact is not None:
            put(f"{run.settings.name}/Foundation", "deploy-foundation.log")
            bucket = bucket_of(target.session, run.settings)
            store(target.session.client("s3"), bucket, artifact.path, artifact.sha256)
        put("--all", "deploy.log")
    if run.settings.account_baseline:
        with run.stages.stage("keeper", 1, "first run"):
            wait_for_keeper(target.session)
    with run.stages.stage("verify", 1, "account"):
        live = verify(target.sessions, run.settings, as_of=run.as_of, assembly=run.assembly)
        _write(live, run.reports, "verify", f"verification of {target.name}")
    return replace(prepared, live=live)


def wait_for_keeper(session: Any, seconds_at_most: float = KEEPER_SECONDS_AT_MOST) -> None:
    """Wait until the settings keeper, which its schedule starts, has succeeded and invocation logging is on.

    Returns at the latest after `seconds_at_most`: what is not so by then, the verification says. Raises AccountError
    if the account cannot be asked.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    bedrock, states = session.client("bedrock"), session.client("stepfunctions")
    until = time.monotonic() + seconds_at_most
    try:
        while time.monotonic() < until:
            logging = bedrock.get_model_invocation_logging_configuration().get("loggingConfig")
            if logging and _keeper_succeeded(states):
                return
            time.sleep(0.2)
    except (ClientError, BotoCoreError) as error:
        raise AccountError(f"the account could not be asked for its invocation logging: {error}") from None


def _keeper_succeeded(states: Any) -> bool:
    """Whether the account's keeper, which only one enclave of it has, has succeeded once."""
    machines = [page["stateMachines"] for page in states.get_paginator("list_state_machines").paginate()]
    keepers = [each for found in machines for each in found if each["name"].endswith(KEEPER)]
    return any(
        states.list_executions(stateMachineArn=each["stateMachineArn"], statusFilter="SUCCEEDED")["executions"]
        for each in keepers
    )


def summarise(
    console: Console,
    run: Run,
    target: Target,
    outcome: Outcome,
    *,
    exercised: Sequence[str] = (),
    limits: Sequence[str] = (),
) -> None:
    """Print one screen of what a run came to.

    `exercised` is what the run tried of an embedded AWS, and `limits` what that does not emulate.
    """
    from infra.report.summary import show

    show(
        console,
        enclave=run.settings.name,
        target=target.name,
        templates=outcome.templates,
        gate=outcome.gate,
        live=outcome.live,
        seconds=run.stages.seconds,
        exercised=exercised,
        limits=limits,
        reports=[str(path.relative_to(run.folder)) for path in sorted(run.reports.glob("*"))],
    )


def _write(judgement: Judgement, reports: Path, name: str, title: str) -> None:
    reports.mkdir(parents=True, exist_ok=True)
    for kind, suffix in (("text", "txt"), ("json", "json")):
        rendered = import_module(f"infra.report.{kind}").render(judgement, title=title)
        (reports / f"{name}.{suffix}").write_text(rendered + "\n")
