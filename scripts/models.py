"""`sallyport models`: model artefacts of the enclave."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations at run time
from typing import Annotated

import typer

app = typer.Typer(help="Model artefacts of the enclave.", no_args_is_help=True)


@app.callback()
def models() -> None:
    """Model artefacts of the enclave."""


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="the artefact, a gzip-compressed tar of the model", exists=True, dir_okay=False, readable=True
        ),
    ],
    enclave: Annotated[str, typer.Option(help="whose artefact bucket it goes to")] = "sandbox",
    profile: Annotated[str | None, typer.Option(help="the AWS profile to use")] = None,
) -> None:
    """Store an artefact under its digest and print the setting that pins it.

    The bucket is the enclave's own, from the outputs of its Foundation stack, so that stack is deployed first.
    What is stored already is not stored again; nothing is ever overwritten. Exit codes: 0 stored or already
    there, 2 wrong input or no such enclave in the account.
    """
    from rich.console import Console
    from rich.progress import Progress

    from infra.deployment.account import AccountError, session
    from infra.deployment.artifact import bucket_of, digest, store
    from infra.settings import SettingsError, find, load

    console = Console(stderr=True)
    try:
        settings = load(find(enclave))
        aws = session(profile, settings.region)
        bucket = bucket_of(aws, settings)
        with Progress(console=console, disable=not console.is_terminal) as progress:
            reading = progress.add_task("digest", total=file.stat().st_size)
            sha256 = digest(file, lambda count: progress.advance(reading, count))
            stored = store(aws.client("s3"), bucket, file, sha256)
    except (SettingsError, AccountError) as error:
        console.print(str(error), highlight=False, markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    how = "stored" if stored.new else "already there"
    console.print(f"{how}: s3://{stored.bucket}/{stored.key}", highlight=False, soft_wrap=True)
    print(stored.setting)
