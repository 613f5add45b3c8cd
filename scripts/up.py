"""`sallyport up`: bring an enclave up in a real account, as `make demo` does on the embedded AWS."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def up(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
    profile: Annotated[str | None, typer.Option(help="the AWS profile; default: the environment")] = None,
    evidence_profile: Annotated[
        str | None, typer.Option(help="the AWS profile of the evidence account, where that is another")
    ] = None,
    bootstrap: Annotated[
        bool,
        typer.Option("--bootstrap", help="bootstrap the account for the CDK without asking"),
    ] = False,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="a precondition that may be unverified (see `sallyport preflight`); a refuted one is never"),
    ] = None,
    artifact: Annotated[
        Path | None,
        typer.Option(
            help="the hosted model's artefact, to be stored once Foundation, which has its bucket, is deployed",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="deploy without asking, whatever the settings warn of")] = False,
) -> None:
    """Synthesise, check, ask the account, deploy with the CDK CLI, and verify what is live.

    Nothing is deployed unless the gate holds and the preflight refutes nothing; what it leaves unverified is asked
    about, unless --accept names it. An account that is not bootstrapped, by the qualifier of the project's
    context, is offered `cdk bootstrap`. What the settings warn of is asked about first: a lock longer than 30 days, for
    under COMPLIANCE nobody can undo it, or a baseline that no enclave owns. Exit codes: 0 the enclave is
    up and verified, 1 something fell short or could not be finished, 2 wrong input or wrong accounts.
    """
    from rich.console import Console

    from infra.deployment.account import AccountError, session
    from infra.deployment.artifact import WrongArtifact, named
    from infra.deployment.bootstrap import bootstrap as run_bootstrap
    from infra.deployment.bootstrap import missing
    from infra.deployment.bring_up import Run, Target, ask, deploy, prepare, summarise
    from infra.deployment.cdk import CdkError
    from infra.deployment.progress import Stages
    from infra.live.account import LiveError
    from infra.live.read import NoEnclave
    from infra.preflight import text
    from infra.preflight.item import State
    from infra.preflight.run import UnknownItem, refuse_unknown
    from infra.settings import SettingsError, choose
    from infra.verification import WrongAccount, accounts_of

    console = Console()
    try:
        refuse_unknown(accept or ())
        settings = choose(enclave)
        weights = named(artifact, settings) if artifact else None
        for warning in settings.warnings:
            console.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
        if settings.warnings and not yes:
            _agree("deploy nevertheless")
        target = Target(
            profile or "the environment's account",
            session(profile, settings.region),
            {"AWS_PROFILE": profile} if profile else {},
            session(evidence_profile, settings.region) if evidence_profile else None,
            {"AWS_PROFILE": evidence_profile} if evidence_profile else {},
        )
        accounts_of(target.sessions, settings, settings.region)
        run = Run(settings, Path(), Stages(), date.today())
        outcome, exercised = prepare(run), list[str]()
        if not outcome.gate.exit_code:
            for need, environment in missing(run, target):
                if not bootstrap:
                    _agree(
                        f"account {need.account} is not bootstrapped for the CDK ({need}); run `cdk bootstrap` there"
                    )
                run_bootstrap(run, need.account, environment, need.qualifier)
            report = ask(run, target, [*(accept or ()), *(["artifact"] if weights else [])])
            for line in text.open_lines(report):
                console.print(line, highlight=False, markup=False, soft_wrap=True)
            exercised = [f"preflight  asked of the account before the deploy: {text.summary(report)}"]
            if refuted := report.open(State.REFUTED):
                console.print(f"{len(refuted)} preconditions are refuted: nothing was deployed", highlight=False)
                raise typer.Exit(1)
            if unverified := report.open(State.UNVERIFIED):
                _agree(f"{', '.join(each.item.id for each in unverified)}: unverified; deploy nevertheless")
            outcome = deploy(run, outcome, target, weights)
    except (SettingsError, WrongArtifact, AccountError, NoEnclave, UnknownItem, WrongAccount) as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except (CdkError, LiveError) as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    summarise(console, run, target, outcome, exercised=exercised)
    raise typer.Exit(outcome.exit_code)


def _agree(question: str) -> None:
    """Ask; whoever does not say yes, or cannot be asked, is told that nothing was deployed, with exit code 1."""
    try:
        agreed = typer.confirm(question)
    except typer.Abort:  # end of input, or Ctrl-C, in the middle of the question's line
        typer.echo()
        agreed = False
    if not agreed:
        typer.echo("not confirmed: nothing was deployed")
        raise typer.Exit(1)
