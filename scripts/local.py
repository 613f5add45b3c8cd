"""`sallyport local`: the embedded AWS as a server of its own."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="The embedded AWS on this machine.", no_args_is_help=True)


@app.callback()
def local() -> None:
    """The embedded AWS on this machine."""


@app.command()
def start(
    port: Annotated[int, typer.Option(help="loopback port; 0 takes a free one", min=0, max=65535)] = 0,
    region: Annotated[str, typer.Option(help="the region that the printed environment names")] = "us-gov-west-1",
    account: Annotated[str, typer.Option(help="the account of credentials that no role gave")] = "111122223333",
) -> None:
    """Start the embedded AWS, print what its clients need, and run until interrupted.

    The printed lines are for a shell: paste them in another terminal, or write them to a file and source it there; then
    the CDK CLI, the AWS CLI and boto3 speak to it. Its state lives in memory and is gone when it stops. Exit codes: 0
    stopped by SIGINT or SIGTERM, 2 the port is taken.
    """
    import signal
    import sys

    from infra.local.server import start as start_server

    stopped = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, stopped)  # threads inherit it: only sigwait below takes the signal
    try:
        server = start_server(port=port, account=account, region=region)
    except OSError as error:
        typer.echo(f"port {port} cannot be used: {error}; choose another with --port, or 0 for a free one", err=True)
        raise typer.Exit(2) from None
    with server:
        server.warm_up()
        for name, value in server.environment.items():
            print(f"export {name}={value}", flush=True)
        print(f"embedded AWS on port {server.port}; stop with Ctrl-C", file=sys.stderr, flush=True)
        signal.sigwait(stopped)
