"""`sallyport demo`: the default enclave, from synth to live verification, on an embedded AWS of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def demo(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
) -> None:
    """Start an embedded AWS, bring an enclave up on it, print a summary, and stop it again.

    Leaves cdk.out and the reports behind. Exit codes: 0 everything held, 1 something fell short, 2 wrong input.
    """
    from rich.console import Console

    from infra.deployment.account import AccountError
    from infra.deployment.bring_up import Target, bootstrap, bring_up, summarise
    from infra.deployment.cdk import CdkError
    from infra.deployment.embedded import embedded
    from infra.deployment.progress import Stages
    from infra.live.account import LiveError
    from infra.local.limits import LIMITS
    from infra.settings import SettingsError, find, load

    console, folder = Console(), Path()
    try:
        settings = load(find(enclave))
    except SettingsError as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(2) from None
    reports, stages = folder / "build" / settings.name, Stages()
    try:
        with embedded(account=settings.accounts.enclave, region=settings.region) as (session, environment):
            target = Target("the embedded AWS", session, environment)
            with stages.stage("start", 1, "account"):
                account = settings.accounts.enclave
                bootstrap(settings, account, environment=environment, folder=folder, reports=reports)
            outcome = bring_up(
                settings,
                target,
                folder=folder,
                assembly=folder / "cdk.out",
                reports=reports,
                stages=stages,
                as_of=date.today(),
            )
    except (AccountError, CdkError, LiveError) as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(1) from None
    summarise(console, settings, target, outcome, stages, folder=folder, limits=LIMITS)
    raise typer.Exit(outcome.exit_code)
