"""`sallyport new`: a settings file to start from."""

from __future__ import annotations

from typing import Annotated

import typer


def new(name: Annotated[str, typer.Argument(help="name of the enclave, and of its file", show_default=False)]) -> None:
    """Write enclaves/NAME.yaml: valid, commented, hosting off. Nothing is ever overwritten.

    Exit codes: 0 written, 2 wrong name, or there is such a file already.
    """
    from infra import settings

    try:
        path = settings.write_new(name)
    except settings.SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"wrote {path}; its accounts, identity provider and owner are examples: change them, then")
    typer.echo(f"  sallyport validate {path}")
    typer.echo(f"  cdk synth -c enclave={name}")
