"""`sallyport demo`: the default enclave, from synth to live verification, on an embedded AWS of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def demo(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
    artifact: Annotated[
        Path | None,
        typer.Option(
            help="the hosted model's artefact, whose digest the settings name; default: the stand-in that sandbox's do",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Start an embedded AWS, bring an enclave up on it, print a summary, and stop it again.

    What AWS's account would have beforehand is made there first: identity provider, access to models, quota, image.
    The hosted model's artefact is stored as soon as Foundation, which has its bucket, is there.
    Leaves cdk.out and the reports behind. Exit codes: 0 everything held, 1 something fell short, 2 wrong input.
    """
    from rich.console import Console

    from infra.deployment.account import AccountError
    from infra.deployment.artifact import WrongArtifact, named
    from infra.deployment.bootstrap import bootstrap
    from infra.deployment.bring_up import Run, Target, ask, deploy, prepare, summarise
    from infra.deployment.cdk import CdkError
    from infra.deployment.embedded import embedded
    from infra.deployment.exercised import counts, lines
    from infra.deployment.progress import Stages
    from infra.live.account import LiveError
    from infra.local.limits import LIMITS
    from infra.preflight import text
    from infra.settings import SettingsError, find, load

    console = Console()
    try:
        settings = load(find(enclave))
        if artifact:
            named(artifact, settings)
    except (SettingsError, WrongArtifact) as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    run = Run(settings, Path(), Stages(), date.today())
    try:
        options = ["--artifact", str(artifact)] if artifact else []
        account, region = settings.accounts.enclave, settings.region
        with embedded(account=account, region=region, options=options) as (session, environment):
            target = Target("the embedded AWS", session, environment)
            with run.stages.stage("start", 1, "account"):
                bootstrap(run, account, environment)
            outcome, exercised = prepare(run), []
            if not outcome.gate.exit_code:
                # Nobody can store weights before Foundation has made their bucket; then the server does.
                report = ask(run, target, accept=["artifact"])
                if report.exit_code:
                    console.print("\n".join(text.open_lines(report)), highlight=False, markup=False, soft_wrap=True)
                    raise typer.Exit(1)
                outcome = deploy(run, outcome, target)
                exercised = [
                    f"preflight  asked of the account before the deploy: {text.summary(report)}",
                    *lines(counts(environment)),
                ]
    except (AccountError, CdkError, LiveError) as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(1) from None
    summarise(console, run, target, outcome, exercised=exercised, limits=LIMITS)
    raise typer.Exit(outcome.exit_code)
