"""`sallyport check`: the gate over a cloud assembly."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infra.report.format import Format


class Only(StrEnum):
    """What to run alone."""

    POSTURE = "posture"


def check(
    assembly: Annotated[Path, typer.Argument(help="the cloud assembly that `cdk synth` wrote")] = Path("cdk.out"),
    enclave: Annotated[str, typer.Option(help="the enclave whose settings say what is expected")] = "sandbox",
    only: Annotated[Only | None, typer.Option(help="posture: controls alone, without the judges")] = None,
    format: Annotated[Format, typer.Option(help="how to print the findings")] = Format.TEXT,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="the day that decides what has expired; default: today"),
    ] = None,
) -> None:
    """Run every control, and every judge, over the templates of an assembly.

    The judges are cfn-lint, CDK's own validation, cdk-nag (AwsSolutions, NIST 800-53 R5) and cdk-preflight; what is
    accepted of them stands in infra/judges/accepted.yaml. Nothing in construct code or template Metadata changes the
    answer. Exit codes: 0 holds (unknown only for assumptions that are listed and not expired), 1 falls short or is
    unknown, 2 wrong input.
    """
    from importlib import import_module

    from infra.gate import NotThisEnclave, gate
    from infra.judges.template import NotAnAssembly
    from infra.nearby import nearby
    from infra.posture.template.files import TemplateError
    from infra.settings import SettingsError, choose

    try:
        settings = choose(enclave)
        for warning in settings.warnings:
            typer.echo(f"warning: {warning}", err=True)
        assembly = nearby(assembly)
        judged = gate(assembly, settings, as_of=as_of.date() if as_of else date.today(), judges=only is None)
    except (SettingsError, TemplateError, NotAnAssembly, NotThisEnclave) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(import_module(f"infra.report.{format}").render(judged, title=f"check of {assembly}"))
    raise typer.Exit(judged.exit_code)
