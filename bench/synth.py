"""Synth of the default enclave, against a program that imports the same CDK modules and makes one empty stack."""

from __future__ import annotations

import ast
import json
import os
import tempfile
from typing import TYPE_CHECKING

from bench.measure import Ratio, app, in_turn, process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = 9
BOUND = 1.3
FLOOR = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
import aws_cdk as cdk
app = cdk.App(analytics_reporting=False)
cdk.Stack(app, "Empty", env=cdk.Environment(account="111122223333", region="us-gov-west-1"))
app.synth()
"""


def ratios(root: Path) -> Iterator[Ratio]:
    """Both with the interpreter's options of `cdk.json` and CDK's own validation off."""
    context = json.loads((root / "cdk.json").read_text())["context"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "CDK_VALIDATION": "false",
            "CDK_CONTEXT_JSON": json.dumps(context),
            "CDK_OUTDIR": folder,
        }
        *interpreter, program = app(root)
        empty_stack = [*interpreter, "-c", FLOOR, *_cdk_modules(root)]
        floor = process(empty_stack, folder=root, environment=environment)
        enclave = process([*interpreter, program], folder=root, environment=environment)
        floor_seconds, enclave_seconds = in_turn(ROUNDS, floor, enclave)
    yield Ratio("synth of the default enclave", enclave_seconds, "the empty stack", floor_seconds, BOUND)


def _cdk_modules(root: Path) -> list[str]:
    """The CDK modules that stacks and constructs import, read from their source."""
    found = {"aws_cdk", "constructs"}
    for path in [*root.glob("stacks/*.py"), *root.glob("infra/constructs/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("aws_cdk"):
                found |= {f"{node.module}.{a.name}" for a in node.names if a.name.startswith("aws_")}
                found.add(node.module or "")
    return sorted(found)
