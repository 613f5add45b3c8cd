"""Each resource of the default enclave fails once to be updated, in place and by its replacement: all is as before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from infra.live.left_behind import left_behind
from infra.local import faults, server
from tests.deployed.changes import changes
from tests.deployed.conftest import forked
from tests.deployed.failing import SETTINGS, STACKS, Enclave, beyond, one_of_each_type, parts, sampled, when
from tests.deployed.inventory import inventory

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.deployed.changes import Change

PARTS = 4


@pytest.fixture(scope="module")
def enclave(assembly: Path) -> Iterator[Enclave]:
    with server.in_process(SETTINGS.accounts.enclave):
        yield Enclave(assembly)


def changed(enclave: Enclave, stack: str) -> list[Change]:
    """What can change of a stack that stands; nothing of it cannot."""
    standing = {resource.logical_id: resource for _, resource in enclave.resources(stack)}
    found = list(changes(standing, SETTINGS.region))
    assert {change.name for change in found} == standing.keys()
    return found


def around(enclave: Enclave, stack: str, change: Change) -> set[str]:
    """What changes, what it needs, and what needs it."""
    needs = {resource.logical_id: resource.needs for _, resource in enclave.resources(stack)}
    changing = {change.name, change.of}
    needed = {name for each in changing for name in needs[each]}
    return changing | needed | {name for name, each in needs.items() if each & changing}


def fails_to_be_updated(enclave: Enclave, stack: str, change: Change, *, whole: bool) -> None:
    """With `whole`, what is judged is looked at too, and every resource of the stack."""
    near = () if whole else around(enclave, stack, change)
    before, held = enclave.told(stack, near), inventory()
    posture = enclave.posture() if whole else None
    template, late = change.applied(enclave.stacks[stack].template), when(change.name)
    ordered = [faults.order(f"{verb} {stack}/{change.name}{late}") for verb in ("update", "create")]
    assert enclave.update(stack, template) == "UPDATE_ROLLBACK_COMPLETE"
    struck = [fault.verb for fault in ordered if fault.struck]
    faults.clear()
    if struck or not (late and change.replaces):
        assert struck == ["create" if change.replaces else "update"], enclave.reasons(stack)
    else:  # its service has no second one beside it, and refuses it by itself
        assert any(each.startswith(f"{change.name} UPDATE_FAILED") for each in enclave.reasons(stack))
    assert enclave.told(stack, near) == before
    # What is half made goes with the rollback; what protects itself, as a log group does, is named instead.
    left = list(left_behind(enclave.account, SETTINGS)) if late and change.replaces else []
    assert {each.logical_id for each in left} <= {change.name}
    assert beyond(held, (each.id for each in left)) == []
    if whole and not left:
        assert enclave.posture() == posture


def goes_through(enclave: Enclave, stack: str, change: Change) -> None:
    """What failed is made after all, is something else than before, and can be taken back."""
    before = enclave.told(stack)
    assert enclave.update(stack, change.applied(enclave.stacks[stack].template)) == "UPDATE_COMPLETE"
    assert enclave.told(stack)[change.name] != before[change.name]
    assert enclave.update(stack) == "UPDATE_COMPLETE"
    assert enclave.told(stack) == before


def tried(enclave: Enclave, stack: str, change: Change, *, whole: bool) -> None:
    fails_to_be_updated(enclave, stack, change, whole=whole)
    if whole and not change.replaces:  # what is exported cannot be replaced
        goes_through(enclave, stack, change)


def each(enclave: Enclave, stack: str, found: Sequence[Change], whole: set[str]) -> None:
    broken = []
    for change in found:
        try:
            forked(partial(tried, enclave, stack, change, whole=change.name in whole))
        except pytest.fail.Exception as failure:
            broken.append(f"{change.of}/{change.property}: {failure}")
    assert not broken, "\n".join(broken)


def test_an_update_fails_once_and_leads_back(enclave: Enclave) -> None:
    stack = STACKS[0]
    enclave.stand(stack)
    found = changed(enclave, stack)
    names = sampled({change.name for change in found}, 1)
    each(enclave, stack, [change for change in found if change.name in names], set())


@pytest.mark.parametrize(("stack", "part"), parts(STACKS, PARTS))
def test_each_update_fails_once_and_leads_back(enclave: Enclave, stack: str, part: int) -> None:
    """And the next update, tried with a resource of each type, goes through."""
    enclave.stand(*STACKS[: STACKS.index(stack) + 1])
    whole = one_of_each_type(enclave.stacks[stack].resources)
    each(enclave, stack, changed(enclave, stack)[part::PARTS], whole)
