"""`sallyport validate`: settings alone, without building anything."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer


def validate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="settings files; default: every enclaves/*.yaml", show_default=False)
    ] = None,
) -> None:
    """Check settings files: every error at once, each with its line, the value and what is allowed.

    Exit codes: 0 valid (a warning may be printed), 2 not valid.
    """
    from infra import settings
    from infra.nearby import nearby

    paths = [nearby(path) for path in files or settings.files()]
    if not paths:
        typer.echo("there is no enclaves/*.yaml here; `sallyport new NAME` writes one", err=True)
        raise typer.Exit(2)
    checked = {path: settings.check(path) for path in paths}
    problems = [problem for each in checked.values() for problem in each.problems]
    problems += settings.among_others(checked)
    for problem in dict.fromkeys(problems):
        colour = typer.colors.RED if problem.severity == "error" else typer.colors.YELLOW
        place = typer.style(f"{problem.file}:{problem.line}:", fg=colour, bold=True)
        typer.echo(f"{place} {'warning: ' if problem.severity == 'warning' else ''}{problem.message}", err=True)
    wrong = {problem.file for problem in problems if problem.severity == "error"}
    for path, each in checked.items():
        if each.enclave and str(path) not in wrong:
            typer.echo(f"{path}: valid")
    if wrong:
        raise typer.Exit(2)
