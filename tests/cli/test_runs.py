"""`sallyport demo` and `sallyport up`, whole, in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.deployment.embedded import embedded
from infra.deployment.furnished import furnish
from infra.settings import find, load

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-c", "from scripts.main import app; app()"]

pytestmark = pytest.mark.full


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("infra", "stacks", "scripts", "enclaves"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("app.py", "cdk.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(project), "COLUMNS": "120"}
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_holds_and_leaves_its_assembly_and_reports(project: Path) -> None:
    ran = run(project, "demo")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "gate     holds" in ran.stdout
    assert "live     holds" in ran.stdout
    assert " verified, 1 unverified (1 accepted)" in ran.stdout
    assert (project / "build" / "sandbox" / "preflight.json").exists()
    assert (project / "cdk.out" / "manifest.json").exists()
    assert (project / "build" / "sandbox" / "verify.json").exists()


def test_the_demo_fails_where_the_gate_does(project: Path) -> None:
    construct = project / "infra" / "constructs" / "locked_bucket.py"
    written = construct.read_text()
    weakened = written.replace('"Mode": "COMPLIANCE"', '"Mode": "GOVERNANCE"')
    assert weakened != written
    construct.write_text(weakened)
    ran = run(project, "demo")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    assert "FALLS SHORT" in ran.stdout
    assert "not deployed" in ran.stdout


def test_up_bootstraps_deploys_and_verifies_an_account(project: Path) -> None:
    settings = load(find("sandbox", ROOT))
    with embedded(account=settings.accounts.enclave, region=settings.region, options=["--bare"]) as (session, _):
        refused = run(project, "up")
        assert refused.returncode == 1  # nobody answered the question
        assert "is not bootstrapped" in refused.stdout
        assert refused.stdout.endswith("not confirmed: nothing was deployed\n")
        bare = run(project, "up", "--bootstrap")
        assert bare.returncode == 1, bare.stdout + bare.stderr
        assert "REFUTED identity-provider: " in bare.stdout
        assert "preconditions are refuted: nothing was deployed" in bare.stdout
        furnish(session, settings)
        doubtful = run(project, "up")
        assert doubtful.returncode == 1, doubtful.stdout + doubtful.stderr
        assert "artifact: unverified; deploy nevertheless" in doubtful.stdout
        assert doubtful.stdout.endswith("not confirmed: nothing was deployed\n")
        other = run(project, "up", "--artifact", "cdk.json")
        assert other.returncode == 2, other.stdout + other.stderr
        assert "but hosting.artifact of enclave sandbox is sha256:" in other.stdout
        ran = run(project, "up", "--artifact", "enclaves/stand-in.tar.gz")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "live     holds" in ran.stdout
