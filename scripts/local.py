"""`sallyport local`: the embedded AWS as a server of its own."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from infra.local.server import Server

app = typer.Typer(help="The embedded AWS on this machine.", no_args_is_help=True)


@app.callback()
def local() -> None:
    """The embedded AWS on this machine."""


@app.command()
def start(
    port: Annotated[int, typer.Option(help="loopback port; 0 takes a free one", min=0, max=65535)] = 0,
    region: Annotated[str, typer.Option(help="the region that the printed environment names")] = "us-gov-west-1",
    account: Annotated[str, typer.Option(help="the account of credentials that no role gave")] = "111122223333",
    fail: Annotated[
        list[str] | None,
        typer.Option(help="let something fail, such as 'create */AWS::EC2::VPC'; see `sallyport local fail --help`"),
    ] = None,
    order_seed: Annotated[
        int | None, typer.Option(help="shuffle, by this seed, what a template does not order", show_default=False)
    ] = None,
    speed: Annotated[float, typer.Option(help="seconds of schedules and alarms that pass in a second", min=1)] = 1.0,
    bare: Annotated[bool, typer.Option("--bare", help="an account with nothing in it")] = False,
    artifact: Annotated[
        list[Path] | None,
        typer.Option(
            help="a hosted model's artefact, whose digest an enclave's settings name; default: the sandbox's stand-in",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="a file to keep the state in, and to go on from", dir_okay=False, show_default=False),
    ] = None,
) -> None:
    """Start the embedded AWS, print what its clients need, and run until interrupted.

    Run in a project's folder, the account has what its enclaves need beforehand and an account on AWS would have:
    identity provider, access to the models, quota and image of the hosted one; and the hosted model's artefact, if it
    is one of --artifact, is stored as soon as the enclave's bucket is there, as somebody would do it by hand. With
    --bare none of it is done, and what AWS refuses then is refused.

    The printed lines are for a shell: paste them in another terminal, or write them to a file and source it there; then
    the CDK CLI, the AWS CLI and boto3 speak to it. Its state lives in memory and is gone when it stops, unless
    --state names a file. Exit codes: 0 stopped by SIGINT or SIGTERM, 2 the port is taken, --fail is not understood, or
    the state cannot be used.

    Schedules and alarms go by a clock of its own. Move it forward by 15 minutes, and wait for all that falls due
    meanwhile: curl -d '{"advance_seconds": 900}' $AWS_ENDPOINT_URL/sallyport/clock (at most a week at once; "speed"
    there is what --speed is here). What fired so far: curl $AWS_ENDPOINT_URL/sallyport/counts
    """
    import os
    import signal
    import sys

    os.environ.pop(
        "AWS_PROFILE", None
    )  # a profile of this shell is nothing to the embedded AWS, and moto reads it when imported
    from infra.local import faults
    from infra.local.journal import StateError
    from infra.local.server import start as start_server

    try:
        for line in fail or ():
            faults.order(line)
    except faults.FaultError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    stopped = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopped)  # threads inherit it: only sigwait below takes the signal
    try:
        server = start_server(
            port=port, account=account, region=region, order_seed=order_seed, speed=speed, state=state
        )
    except StateError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"port {port} cannot be used: {error}; choose another with --port, or 0 for a free one", err=True)
        raise typer.Exit(2) from None
    try:
        with server:
            server.warm_up()
            if not bare:
                _furnish(server, artifact)
            for name, value in server.environment.items():
                print(f"export {name}={value}", flush=True)
            print(f"embedded AWS on port {server.port}; stop with Ctrl-C", file=sys.stderr, flush=True)
            signal.sigwait(stopped)
    except StateError as error:  # what was left to write when it stopped
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _furnish(server: Server, artifacts: list[Path] | None) -> None:
    """Make what the folder's enclaves need beforehand, and say so."""
    import os

    import boto3

    from infra.deployment.furnished import STAND_IN, furnish_project

    os.environ.update(server.environment)
    files = artifacts or ([STAND_IN] if STAND_IN.exists() else [])
    for line in furnish_project(lambda region: boto3.Session(region_name=region), server.account, files):
        typer.echo(line, err=True)


@app.command()
def furnish(
    enclave: Annotated[str, typer.Argument(help="the enclave, a file of enclaves/")] = "sandbox",
) -> None:
    """Give the account of the embedded AWS that the environment points to what an enclave needs beforehand.

    The identity provider, access to the models, the quota of the hosted model's instances, and its image by its digest,
    as an account on AWS has them already. The hosted model's artefact is stored later, in the enclave's own bucket, by
    `sallyport models import`. Exit codes: 0 it is there, 1 no embedded AWS answers, 2 wrong settings.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.deployment.furnished import furnish as furnish_account
    from infra.settings import SettingsError, find, load

    try:
        settings = load(find(enclave))
    except SettingsError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    url = _embedded()
    try:
        furnish_account(boto3.Session(region_name=settings.region), settings)
    except (BotoCoreError, ClientError) as error:
        typer.echo(f"the embedded AWS at {url} cannot be furnished: {error}", err=True)
        raise typer.Exit(1) from None


def _embedded() -> str:
    """Where the embedded AWS of the environment is; says so and ends with 1 if there is none."""
    import os

    url = os.environ.get("AWS_ENDPOINT_URL", "")
    if not url.startswith("http://localhost:"):
        typer.echo("AWS_ENDPOINT_URL names no embedded AWS; source what `sallyport local start` prints", err=True)
        raise typer.Exit(1)
    return url


@app.command()
def fail(
    faults: Annotated[list[str] | None, typer.Argument(help="what is to fail, a line each; none: tell what is")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="first let nothing fail any longer")] = False,
) -> None:
    """Let something fail on the embedded AWS that the environment points to, and print what is ordered.

    \b
    create STACK/RESOURCE   a resource, by logical id or type, cannot be made; * and ? match as in a shell
    update STACK/RESOURCE   it cannot be changed, nor changed back where a rollback does so
    delete STACK/RESOURCE   it cannot be deleted
    call SERVICE/OPERATION  a client's call is answered with an error: call ec2/DescribeVpcs

    After it: code=CODE, times=N (default 1), after (a resource: once the service has done its part), status=N and
    reset (a call: the HTTP status, or no answer at all). Exit codes: 0 ordered, 1 no embedded AWS answers, 2 a line is
    not understood.
    """
    import json
    import urllib.error
    import urllib.request

    url = f"{_embedded()}/sallyport/faults"
    asked = json.dumps({"order": faults or [], "clear": clear}).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(url, asked)) as answer:
            typer.echo("\n".join(json.dumps(each) for each in json.load(answer)["faults"]))
    except urllib.error.HTTPError as error:
        typer.echo(json.load(error)["error"], err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"no embedded AWS answers at {url}: {error}", err=True)
        raise typer.Exit(1) from None
