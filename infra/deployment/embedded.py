"""An embedded AWS in a process of its own, for as long as a block lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from infra.deployment.account import AccountError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STOP_SECONDS_AT_MOST = 20


@contextmanager
def embedded(*, account: str, region: str, options: Sequence[str] = ()) -> Iterator[tuple[Any, dict[str, str]]]:
    """A boto3 session on a fresh embedded AWS, and the environment that every client needs for it.

    The environment is this process's too while the block lasts: boto3 takes an endpoint from nowhere else.
    `options` are more of `sallyport local start`. Raises AccountError with what the server said, if it did not start.
    """
    import boto3

    arguments = ["local", "start", "--account", account, "--region", region, *options]
    with subprocess.Popen(
        [sys.executable, "-c", "from scripts.main import app; app()", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            environment = dict(_exports(server))
            before = dict(os.environ)
            os.environ.update(environment)
            os.environ.pop("AWS_PROFILE", None)
            try:
                yield boto3.Session(region_name=region), environment
            finally:
                os.environ.clear()
                os.environ.update(before)
        finally:
            server.terminate()
            try:
                server.wait(STOP_SECONDS_AT_MOST)
            except subprocess.TimeoutExpired:
                server.kill()


def _exports(server: subprocess.Popen[str]) -> Iterator[tuple[str, str]]:
    """The `export NAME=value` lines that the server prints once it answers."""
    assert server.stdout is not None
    for line in server.stdout:
        name, _, value = line.removeprefix("export ").strip().partition("=")
        yield name, value
        if name == "AWS_DEFAULT_REGION":
            return
    raise AccountError(f"the embedded AWS did not start: {server.communicate()[1].strip()[-2000:]}")
