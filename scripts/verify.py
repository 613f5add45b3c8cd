"""`sallyport verify`: the controls over an enclave as it stands in its account."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer

from infra.report.format import Format


def verify(
    enclave: Annotated[str, typer.Argument(help="the enclave whose settings say what is expected")] = "sandbox",
    profile: Annotated[str | None, typer.Option(help="AWS profile of the enclave's account")] = None,
    evidence_profile: Annotated[
        str | None, typer.Option(help="AWS profile of the evidence account, where that is another")
    ] = None,
    region: Annotated[str | None, typer.Option(help="region to read; default: the enclave's")] = None,
    assembly: Annotated[Path | None, typer.Option(help="also report every difference from this cloud assembly")] = None,
    format: Annotated[Format, typer.Option(help="how to print the findings")] = Format.TEXT,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the day that decides what has expired; default: today"),
    ] = None,
) -> None:
    """Read a deployed enclave from its account, and run every control over it.

    Only Describe, Get and List calls are made. Exit codes: 0 holds (unknown only for assumptions that are listed and
    not expired), 1 falls short, is unknown, or could not be read to the end, 2 wrong input.
    """
    from importlib import import_module

    from infra import verification
    from infra.deployment.account import AccountError, session
    from infra.live.account import LiveError
    from infra.live.read import NoEnclave
    from infra.nearby import nearby
    from infra.posture.template.files import TemplateError
    from infra.settings import SettingsError, find, load

    try:
        settings = load(find(enclave))
        where = region or settings.region
        profiles = [profile, *([evidence_profile] if evidence_profile else [])]
        judged = verification.verify(
            [session(each, where) for each in profiles],
            settings,
            region=where,
            assembly=nearby(assembly) if assembly else None,
            as_of=as_of.date() if as_of else date.today(),
        )
    except (SettingsError, TemplateError, AccountError, NoEnclave, verification.WrongAccount) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except LiveError as error:
        typer.echo(f"unknown: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(
        import_module(f"infra.report.{format}").render(judged, title=f"verification of {settings.name} in {where}")
    )
    raise typer.Exit(judged.exit_code)
