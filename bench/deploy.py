"""Deploy and verification of the default enclave, against the same CLI and one-parameter stacks on bare moto."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from bench.measure import Ratio, app, python

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 3
BOUND = 3.0
ACCOUNT, REGION = "111122223333", "us-gov-west-1"
PARAMETERS = """
import sys, aws_cdk as cdk
from aws_cdk import aws_ssm as ssm
app = cdk.App(analytics_reporting=False)
for number in range(int(sys.argv[1])):
    stack = cdk.Stack(app, f"parameter-{number}", env=cdk.Environment(account=sys.argv[2], region=sys.argv[3]))
    ssm.StringParameter(stack, "Parameter", parameter_name=f"/bench/{number}", string_value="value")
app.synth()
"""


def ratios(root: Path) -> Iterator[Ratio]:
    """Each round starts a fresh server, bootstraps it (not counted on either side), then deploys."""
    with tempfile.TemporaryDirectory() as scratch:
        enclave, parameters = Path(scratch, "enclave"), Path(scratch, "parameters")
        context = json.dumps(json.loads((root / "cdk.json").read_text())["context"])
        synth = {**os.environ, "CDK_VALIDATION": "false", "CDK_CONTEXT_JSON": context}
        subprocess.run(app(root), cwd=root, env={**synth, "CDK_OUTDIR": str(enclave)}, check=True)
        stacks = len(list(enclave.glob("*.template.json")))
        subprocess.run(
            python("-c", PARAMETERS, str(stacks), ACCOUNT, REGION),
            env={**synth, "CDK_OUTDIR": str(parameters)},
            check=True,
        )
        command = str(Path(sys.executable).with_name("sallyport"))
        ours = _Round([command, "local", "start", "--region", REGION, "--account", ACCOUNT, "--port"], root, enclave)
        bare = _Round([str(Path(sys.executable).with_name("moto_server")), "--port"], root, parameters)
        verify = [command, "verify", "sandbox"]
        for _ in range(ROUNDS + 1):  # in turn, so that both sides see the same machine
            bare.run()
            ours.run(then=verify)
        yield Ratio(
            f"deploy and verify of {stacks} stacks",
            ours.median_seconds,
            f"{stacks} one-parameter stacks on bare moto",
            bare.median_seconds,
            BOUND,
        )


class _Round:
    """One server's deploys; keeps the seconds of each."""

    def __init__(self, server: list[str], root: Path, assembly: Path) -> None:
        self.server, self.root, self.assembly = server, root, assembly
        self.seconds: list[float] = []

    @property
    def median_seconds(self) -> float:
        """The median without the first round, which warms the disk."""
        counted = sorted(self.seconds[1:])
        return counted[len(counted) // 2]

    def run(self, then: list[str] | None = None) -> None:
        """Start, bootstrap, deploy (counted), run `then` (counted), stop."""
        port = _free_port()
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://localhost:{port}",
            "AWS_ENDPOINT_URL_S3": f"http://localhost:{port}",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "MOTO_ACCOUNT_ID": ACCOUNT,
        }
        cdk = [str(Path(sys.executable).with_name("cdk")), "--no-notices"]
        with subprocess.Popen(
            [*self.server, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                _wait_for(port)
                _run([*cdk, "bootstrap", f"aws://{ACCOUNT}/{REGION}"], self.root, environment)
                started = time.perf_counter()
                deploy = ["deploy", "--all", "--app", str(self.assembly), "--require-approval", "never"]
                _run([*cdk, *deploy], self.root, environment)
                if then:
                    _run(then, self.root, environment)
                self.seconds.append(time.perf_counter() - started)
            finally:
                server.terminate()


def _run(arguments: list[str], folder: Path, environment: dict[str, str]) -> None:
    ran = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise RuntimeError(
            f"{' '.join(arguments)} ended with {ran.returncode}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"
        )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://localhost:{port}/moto-api/", timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no server answered on port {port} within {seconds} s")
