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
    yes: Annotated[bool, typer.Option("--yes", help="deploy a long evidence lock without asking")] = False,
) -> None:
    """Synthesise, check, deploy with the CDK CLI, and verify what is live.

    Nothing is deployed unless the gate holds. An account that is not bootstrapped is offered `cdk bootstrap`. A lock
    under COMPLIANCE cannot be undone by anyone: one longer than 30 days is asked about. Exit codes: 0 the enclave is
    up and verified, 1 something fell short or could not be finished, 2 wrong input or wrong accounts.
    """
    from rich.console import Console

    from infra.deployment.account import AccountError, session
    from infra.deployment.bring_up import Target, bring_up, missing_bootstraps, summarise
    from infra.deployment.bring_up import bootstrap as run_bootstrap
    from infra.deployment.cdk import CdkError
    from infra.deployment.progress import Stages
    from infra.live.account import LiveError
    from infra.live.read import NoEnclave
    from infra.settings import SettingsError, choose
    from infra.verification import WrongAccount

    console, folder = Console(), Path()
    try:
        settings = choose(enclave)
        for warning in settings.warnings:
            console.print(f"warning: {warning}", highlight=False, markup=False, soft_wrap=True)
        if settings.warnings and not yes:
            typer.confirm("deploy nevertheless", abort=True)
        target = Target(
            profile or "the environment's account",
            session(profile, settings.region),
            {"AWS_PROFILE": profile} if profile else {},
            session(evidence_profile, settings.region) if evidence_profile else None,
        )
        reports = folder / "build" / settings.name
        for account, environment in missing_bootstraps(settings, target, evidence_profile):
            if not bootstrap:
                typer.confirm(
                    f"account {account} is not bootstrapped for the CDK; run `cdk bootstrap` there", abort=True
                )
            run_bootstrap(settings, account, environment=environment, folder=folder, reports=reports)
        stages = Stages()
        outcome = bring_up(
            settings,
            target,
            folder=folder,
            assembly=folder / "cdk.out",
            reports=reports,
            stages=stages,
            as_of=date.today(),
        )
    except (SettingsError, AccountError, NoEnclave, WrongAccount) as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(2) from None
    except (CdkError, LiveError) as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(1) from None
    summarise(console, settings, target, outcome, stages, folder=folder)
    raise typer.Exit(outcome.exit_code)
