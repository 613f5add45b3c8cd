"""What the whole session shares: one synth of the default enclave, whichever worker asks first."""

import gc
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SYNTH_SECONDS_AT_MOST = 120
gc.set_threshold(50_000, 20, 20)  # what lives as long as the session is looked through less often
# Files that take longest for what they hold, longest first: the last of them must not begin when all else is done.
LONGEST = ("tests/cli/", "tests/deployed/", "tests/judges/", "tests/controls/test_enclave", "tests/stacks/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""
    items.sort(key=lambda item: next((n for n, start in enumerate(LONGEST) if item.nodeid.startswith(start)), 9))


def pytest_collection_finish() -> None:
    """Let no collection look through what was imported."""
    gc.freeze()


def synthesise(folder: Path, project: Path = ROOT, **context: str) -> Path:
    """The cloud assembly that a project's app.py writes with its cdk.json and what the CLI adds, without the CLI."""
    added = {"aws:cdk:enable-path-metadata": True}
    config = json.loads((project / "cdk.json").read_text())
    _, *arguments = shlex.split(config["app"])
    settled = {**config["context"], **added, **context}
    environment = {
        **os.environ,
        "CDK_OUTDIR": str(folder),
        "CDK_CONTEXT_JSON": json.dumps(settled),
        "CDK_VALIDATION": "false",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run([sys.executable, *arguments], cwd=project, env=environment, check=True)
    return folder


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default enclave's assembly, read-only: copy it before changing it."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent  # the workers' folders lie side by side: the first one synthesises for all
    folder, done = shared / "assembly", shared / "assembly.done"
    try:
        folder.mkdir()
    except FileExistsError:
        waited_until = time.monotonic() + SYNTH_SECONDS_AT_MOST
        while not done.exists():
            if time.monotonic() > waited_until:
                pytest.fail(f"the worker that synthesises {folder} did not finish")
            time.sleep(0.1)
        return folder
    synthesise(folder)
    done.touch()
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests recorded as their `summary`, whichever worker they ran on."""
    for report in terminalreporter.getreports("passed"):
        for name, value in report.user_properties:
            if name == "summary":
                terminalreporter.write_line(str(value))
