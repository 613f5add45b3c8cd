"""`sallyport preflight`: what has to be true of an account before an enclave is deployed there."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.report.format import Format


def preflight(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
    profile: Annotated[str | None, typer.Option(help="AWS profile of the enclave's account")] = None,
    evidence_profile: Annotated[
        str | None, typer.Option(help="AWS profile of the evidence account, where that is another")
    ] = None,
    assembly: Annotated[
        Path,
        typer.Option(help="the cloud assembly that would be deployed; without one, what templates say is unverified"),
    ] = Path("cdk.out"),
    accept: Annotated[
        list[str] | None, typer.Option(help="a precondition that may be unverified; a refuted one is never accepted")
    ] = None,
    how: Annotated[
        bool, typer.Option("--how", help="print all that was said, and the calls that each answer rests on")
    ] = False,
    format: Annotated[Format, typer.Option(help="how to print what was found")] = Format.TEXT,
) -> None:
    """Ask an account everything that a first deployment rests on; nothing that stays is changed.

    Each precondition is verified, refuted or unverified: a call that is refused or not answered leaves it unverified.
    Exit codes: 0 nothing refuted, and nothing unverified but what --accept names; 1 otherwise; 2 wrong input.
    """
    from importlib import import_module

    from infra.deployment.account import AccountError, session
    from infra.nearby import nearby
    from infra.preflight.run import UnknownItem
    from infra.preflight.run import preflight as ask
    from infra.settings import SettingsError, choose, neighbours

    try:
        settings = choose(enclave)
        sessions = {"enclave": session(profile, settings.region)}
        if settings.accounts.evidence == settings.accounts.enclave:
            sessions["evidence"] = sessions["enclave"]
        elif evidence_profile:
            sessions["evidence"] = session(evidence_profile, settings.region)
        others = neighbours(settings, Path())
        report = ask(sessions, settings, assembly=nearby(assembly), others=others, accept=accept or ())
    except (SettingsError, AccountError, UnknownItem) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(import_module(f"infra.preflight.{format}").render(report, how=how or format is Format.JSON))
    raise typer.Exit(report.exit_code)
