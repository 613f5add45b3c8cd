"""The CDK app: one enclave, chosen by `-c enclave=NAME` (default: sandbox), its stacks directly under the App."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from infra import jsii_host

if TYPE_CHECKING:
    from aws_cdk import App


def main() -> None:
    """Read the enclave's settings and synthesise its stacks; wrong settings end with exit code 2 and no template."""
    # Starting the CDK is for the most part waiting for Node, so everything else is read meanwhile.
    host = jsii_host.start()
    from concurrent.futures import ThreadPoolExecutor

    import jsii  # noqa: F401  what the CDK is reached through

    if host:
        host.attach()
    sys.setswitchinterval(0.0005)  # seconds; an answer of Node's is taken at once
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        started = meanwhile.submit(_start)
        from infra import catalog
        from infra.settings import SettingsError, find, load

        catalog.planes()
        import aws_cdk as cdk

        from stacks.enclave import Enclave

        app = started.result()
    try:
        settings = load(find(app.node.try_get_context("enclave") or "sandbox", Path(__file__).parent))
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    enclave = Enclave(app, settings.name, settings=settings)
    for warning in settings.warnings:
        cdk.Annotations.of(enclave.archive).add_warning_v2("sallyport:settings", str(warning))
    app.synth()


def _start() -> App:
    """The CDK, and in it an empty app."""
    import aws_cdk as cdk

    # A trace would hold frames of Node's alone.
    return cdk.App(
        analytics_reporting=False,
        stack_traces=False,
        post_cli_context={"aws:cdk:disable-creation-stack-traces": True},
    )


if __name__ == "__main__":
    gc.disable()  # the process ends with its templates written; collecting garbage first takes a tenth of its time
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    atexit._run_exitfuncs()  # Node ends, and what it unpacked is removed
    os._exit(0)  # freeing hundreds of thousands of objects one by one takes another tenth
