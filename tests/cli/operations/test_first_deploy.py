"""An enclave is deployed, and a model taken out and added again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Cli, stacks
from tests.cli.operations.page import commands, edit

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full


def test_first_deploy(standing: Callable[..., str]) -> None:
    assert {stack["StackStatus"] for stack in stacks().values()} == {"CREATE_COMPLETE"}


def test_a_model_is_removed_and_added(cli: Cli, standing: Callable[..., str]) -> None:
    path = cli.folder / "enclaves/sandbox.yaml"
    before = path.read_text()
    model = "  - id: nvidia.nemotron-super-3-120b\n    routing: region\n"
    for change in ((model, ""), None):
        if change:
            edit(path, change, ("  nvidia: active\n", ""))
        else:
            path.write_text(before)
        updated = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
        for line in commands("Remove a model, and add it again"):
            standing(line)
        now = {name: stack.get("LastUpdatedTime") for name, stack in stacks().items()}
        assert {name for name in now if now[name] != updated[name]} == {"sandbox-inference", "sandbox-network"}
