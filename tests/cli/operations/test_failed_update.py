"""An update that fails is taken back, and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import Cli, edit_profile, enforced, stacks
from tests.cli.operations.page import commands

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full


def test_a_failed_update_is_taken_back_and_deployed_again(cli: Cli, standing: Callable[..., str]) -> None:
    edit_profile(cli, ("Monitoring, tracking", "Observing, tracking", 1))
    version = enforced()
    order, deploy, verify, again, last = commands("A failed update")
    standing(order)
    standing(deploy, 1)
    assert stacks()["sandbox-inference"]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert enforced() == version
    assert "its definition is not the profile's" in standing(verify, 1)  # the earlier one stands again
    standing(again)
    standing(last)
    assert int(enforced()) > int(version)
