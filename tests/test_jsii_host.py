"""jsii's Node process as the app starts it: the same templates as jsii's own way, and an end in every case."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TWO_CALLERS = """
from infra import jsii_host
host = jsii_host.start()
host.attach()
import aws_cdk
from concurrent.futures import ThreadPoolExecutor
def values(seed):
    return [aws_cdk.Fn.select(0, [f"{seed}-{i}"]) for i in range(100)]
with ThreadPoolExecutor(4) as threads:
    for seed, answers in enumerate(threads.map(values, range(4))):
        assert answers == [f"{seed}-{i}" for i in range(100)], answers
"""
NEVER_ATTACHED = "from infra import jsii_host; jsii_host.start()"
HUNG = """
import os, signal
from infra import jsii_host
jsii_host.GRACE = 0.2
host = jsii_host.start()
os.kill(host._pid, signal.SIGSTOP)
host.stop()
try:
    os.kill(host._pid, 0)
except ProcessLookupError:
    print("gone")
"""


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *(["app.py"] if code == "app.py" else ["-c", code])],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_templates_are_those_of_jsiis_own_way(tmp_path: Path) -> None:
    node = Path(sys.prefix) / "bin" / "node"
    for name, environment in (("direct", {}), ("jsii", {"JSII_NODE": str(node)})):
        ran = run("app.py", CDK_OUTDIR=str(tmp_path / name), CDK_VALIDATION="false", **environment)
        assert (ran.returncode, ran.stderr) == (0, "")
    templates = sorted(path.name for path in (tmp_path / "direct").glob("*.template.json"))
    assert templates
    for name in templates:
        assert (tmp_path / "direct" / name).read_bytes() == (tmp_path / "jsii" / name).read_bytes()


def test_each_of_several_callers_gets_its_own_answers() -> None:
    ran = run(TWO_CALLERS)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_it_ends_without_a_word_when_nothing_was_asked() -> None:
    ran = run(NEVER_ATTACHED)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_one_that_hangs_is_killed() -> None:
    started = time.monotonic()
    ran = run(HUNG)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "gone\n", "")
    assert time.monotonic() - started < 4


def test_it_ends_with_a_caller_that_was_killed() -> None:
    caller = subprocess.Popen(
        [sys.executable, "-c", "from infra import jsii_host; print(jsii_host.start()._pid, flush=True); input()"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # Node's last words, if it has not yet said hello
        text=True,
    )
    with caller:
        assert caller.stdout
        node = Path("/proc", caller.stdout.readline().strip())
        caller.kill()
    end = time.monotonic() + 5
    while node.exists() and "\nState:\tZ" not in (node / "status").read_text():
        assert time.monotonic() < end, f"{node} goes on"
        time.sleep(0.01)
