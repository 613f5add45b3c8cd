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
    from infra.deployment.bootstrap import bootstrap
    from infra.deployment.bring_up import Run, Target, ask, deploy, prepare, summarise
    from infra.deployment.cdk import CdkError
    from infra.deployment.embedded import embedded
    from infra.deployment.exercised import counts, lines
    from infra.deployment.furnished import furnish
    from infra.deployment.progress import Stages
    from infra.live.account import LiveError
    from infra.local.limits import LIMITS
    from infra.preflight import text
    from infra.settings import SettingsError, find, load

    console = Console()
    try:
        settings = load(find(enclave))
    except SettingsError as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(2) from None
    run = Run(settings, Path(), Stages(), date.today())
    try:
        with embedded(account=settings.accounts.enclave, region=settings.region) as (session, environment):
            target = Target("the embedded AWS", session, environment)
            with run.stages.stage("start", 1, "account"):
                bootstrap(run, settings.accounts.enclave, environment)
                furnish(session, settings)
            outcome, exercised = prepare(run), []
            if not outcome.gate.exit_code:
                # Nobody can store weights before the first deploy has made their bucket.
                report = ask(run, target, accept=["artifact"])
                if report.exit_code:
                    console.print("\n".join(text.open_lines(report)), highlight=False, markup=False, soft_wrap=True)
                    raise typer.Exit(1)
                outcome = deploy(run, outcome, target)
                exercised = [f"preflight  preconditions: {text.summary(report)}", *lines(counts(environment))]
    except (AccountError, CdkError, LiveError) as error:
        console.print(str(error), highlight=False, markup=False)
        raise typer.Exit(1) from None
    summarise(console, run, target, outcome, exercised=exercised, limits=LIMITS)
    raise typer.Exit(outcome.exit_code)
