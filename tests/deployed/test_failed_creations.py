"""Each resource of the default enclave fails once to be created: nothing is left but what its template retains."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infra.local import server
from tests.deployed.failing import SETTINGS, STACKS, Enclave, at_each, beyond, one_of_each_type, sampled
from tests.deployed.inventory import inventory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

EVERY = [pytest.param(name, marks=pytest.mark.full) for name in STACKS]


@pytest.fixture(scope="module")
def enclave(assembly: Path) -> Iterator[Enclave]:
    with server.in_process(SETTINGS.accounts.enclave):
        yield Enclave(assembly)


def fails_once(enclave: Enclave, stack: str, names: Collection[str], whole: Collection[str]) -> None:
    """Let each of these fail; with `whole`, what is judged is looked at too, and the stack created after all."""
    assert enclave.create(stack) == "CREATE_COMPLETE", enclave.reasons(stack)
    made = enclave.posture()
    assert enclave.delete(stack) == "DELETE_COMPLETE"
    before, held = enclave.posture(), inventory()

    def check(name: str, status: str) -> None:
        assert status == "ROLLBACK_COMPLETE"
        left = enclave.left(stack)
        assert {each.declared.deletion_policy for each in left.values()} <= {"Retain"}, left
        assert beyond(held, (each.physical_id for each in left.values())) == []
        if name not in whole:
            return
        assert enclave.delete(stack) == "DELETE_COMPLETE"
        assert enclave.posture() == before
        assert enclave.create(stack) == "CREATE_COMPLETE", enclave.reasons(stack)
        assert enclave.posture() == made

    at_each("create", stack, names, lambda: enclave.create(stack), check)
    assert enclave.stands(stack) == "CREATE_COMPLETE"


def test_a_creation_fails_once_and_leaves_nothing_behind(enclave: Enclave) -> None:
    stack = STACKS[0]
    enclave.stand()
    names = sampled(enclave.stacks[stack].resources, 2)
    fails_once(enclave, stack, names, names[:1])


@pytest.mark.parametrize("stack", EVERY)
def test_each_creation_fails_once_and_leaves_nothing_behind(enclave: Enclave, stack: str) -> None:
    """And the next creation, tried with a resource of each type, makes what would have been made."""
    enclave.stand(*STACKS[: STACKS.index(stack)])
    resources = enclave.stacks[stack].resources
    fails_once(enclave, stack, list(resources), one_of_each_type(resources))
