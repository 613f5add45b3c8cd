"""The CDK app: one enclave, chosen by `-c enclave=NAME` (default: sandbox), its stacks directly under the App."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.settings import SettingsError, find, load


def main() -> None:
    """Read the enclave's settings and synthesise its stacks; wrong settings end with exit code 2 and no template."""
    import aws_cdk as cdk

    from stacks.enclave import Enclave

    app = cdk.App(analytics_reporting=False)
    try:
        settings = load(find(app.node.try_get_context("enclave") or "sandbox", Path(__file__).parent))
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    enclave = Enclave(app, settings.name, settings=settings)
    for warning in settings.warnings:
        cdk.Annotations.of(enclave.archive).add_warning_v2("sallyport:settings", str(warning))
    app.synth()


if __name__ == "__main__":
    main()
