"""Every command answers `--help` in full and without the CDK."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from scripts.main import app

ROOT = Path(__file__).resolve().parents[2]
COMMAND = get_command(app)
PATHS = sorted(
    (name, *([sub] if sub else []))
    for name, command in COMMAND.commands.items()  # type: ignore[attr-defined]
    for sub in (getattr(command, "commands", None) or [None])
)


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_says_what_it_does_and_explains_every_option(path: tuple[str, ...]) -> None:
    command = COMMAND
    for name in path:
        command = command.commands[name]  # type: ignore[attr-defined]
    assert len((command.help or "").strip()) > 30
    assert [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)] == []
    assert CliRunner().invoke(app, [*path, "--help"]).exit_code == 0


def test_what_does_not_synthesise_never_imports_the_cdk() -> None:
    program = (
        "import sys\n"
        "from typer.testing import CliRunner\n"
        "from scripts.main import app\n"
        "result = CliRunner().invoke(app, ['validate'])\n"
        "assert result.exit_code == 0, result.output\n"
        "found = {name.split('.')[0] for name in sys.modules} & {'aws_cdk', 'jsii', 'constructs', 'boto3', 'cfnlint'}\n"
        "assert not found, found\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
