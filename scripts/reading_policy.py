"""`sallyport reading-policy`: what preflight and verify need in an account, as IAM policies."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def reading_policy(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
    folder: Annotated[Path, typer.Option(help="where the policies are written")] = Path("build/reading-policy"),
) -> None:
    """Write the IAM policies that `sallyport preflight` and `sallyport verify` need, for each account of an enclave.

    They are derived from the calls that the two make. One file each, COMMAND-ACCOUNT.json. Exit codes: 0 written, 2
    wrong input.
    """
    from infra.deployment.execution_policy import compact
    from infra.deployment.reading_policy import reading_policies
    from infra.nearby import nearby
    from infra.settings import SettingsError, find, load

    try:
        settings = load(find(enclave))
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    folder.mkdir(parents=True, exist_ok=True)
    for name, document in sorted(reading_policies(settings).items()):
        path = folder / f"{name}.json"
        path.write_text(compact(document) + "\n")
        typer.echo(nearby(path))
