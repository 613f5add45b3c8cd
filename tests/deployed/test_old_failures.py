"""Resources of the default enclave fail once, each, to be created, updated and deleted; what was before is there again.

Not of every stack yet: each test names those it covers. What a test tries, it tries in a forked child, or takes back.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from infra.local import server
from tests.deployed.conftest import forked
from tests.deployed.failing import SETTINGS, Enclave, failing, sampled, when

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STACKS = [f"sandbox-{part}" for part in ("archive", "foundation", "network", "inference", "access", "hosting")]
SAMPLED = {"sandbox-archive": 2}  # the lowest stack: the others need those below them to stand


def of_each(*parts: str) -> pytest.MarkDecorator:
    """A seeded few of a stack's resources, and all of them where everything is run."""
    stacks = [f"sandbox-{part}" for part in parts]
    sample = [pytest.param(name, SAMPLED[name], id=f"{name}-sampled") for name in stacks if name in SAMPLED]
    every = [pytest.param(name, 1000, id=name, marks=pytest.mark.full) for name in stacks]
    return pytest.mark.parametrize(("stack", "count"), [*sample, *every])


@pytest.fixture(scope="module")
def enclave(assembly: Path) -> Iterator[Enclave]:
    with server.in_process(SETTINGS.accounts.enclave):
        made = Enclave(assembly)
        assert set(made.stacks) == set(STACKS)
        yield made


def fails_to_be_created(enclave: Enclave, stack: str, name: str, *, whole: bool) -> None:
    before = enclave.posture() if whole else None
    with failing(f"create {stack}/{name}{when(name)}") as fault:
        assert enclave.create(stack) == "ROLLBACK_COMPLETE", name
        assert fault.struck == [f"{stack}/{name}"]
    left = enclave.left(stack)
    assert set(left.values()) <= {"Retain"}, (name, left)
    if whole:
        assert enclave.delete(stack) == "DELETE_COMPLETE"
        assert enclave.posture() == before
        assert enclave.create(stack) == "CREATE_COMPLETE", name


@of_each("archive", "network")
def test_each_creation_fails_once_and_leaves_nothing_behind(enclave: Enclave, stack: str, count: int) -> None:
    """But what is retained; and the next creation goes through, which is tried with the sampled."""
    enclave.stand(*STACKS[: STACKS.index(stack)])
    names, whole = enclave.stacks[stack].resources, sampled(stack, enclave.stacks[stack].resources, 1)
    for name in sampled(stack, names, count):
        forked(partial(fails_to_be_created, enclave, stack, name, whole=name in whole))


@of_each("inference")
def test_each_update_fails_once_and_leads_back(enclave: Enclave, stack: str, count: int) -> None:
    """Of those that take tags, which change; the next update goes through."""
    enclave.stand(*STACKS[: STACKS.index(stack) + 1])
    taking = enclave.taggable(stack)
    assert taking
    before = enclave.told(stack)
    for name in sampled(stack, taking, count):
        with failing(f"update {stack}/{name}{when(name)}") as fault:
            assert enclave.update(stack, Changed=name) == "UPDATE_ROLLBACK_COMPLETE", name
            assert fault.struck == [f"{stack}/{name}"]
        assert enclave.told(stack) == before, name
    assert enclave.update(stack, Changed="yes") == "UPDATE_COMPLETE"
    assert enclave.told(stack) != before
    assert enclave.update(stack) == "UPDATE_COMPLETE"
    assert enclave.told(stack) == before


def fails_to_be_deleted(enclave: Enclave, stack: str, name: str) -> None:
    with failing(f"delete {stack}/{name}{when(name)}") as fault:
        assert enclave.delete(stack) == "DELETE_FAILED", name
        assert fault.struck == [f"{stack}/{name}"]
    assert enclave.delete(stack) == "DELETE_COMPLETE", name
    left = enclave.left(stack)
    assert set(left.values()) <= {"Retain"}, (name, left)


@of_each("foundation")
def test_each_deletion_fails_once_and_the_next_goes_through(enclave: Enclave, stack: str, count: int) -> None:
    enclave.stand(*STACKS[: STACKS.index(stack) + 1])
    going = enclave.deletable(stack)
    assert going
    for name in sampled(stack, going, count):
        forked(partial(fails_to_be_deleted, enclave, stack, name))
