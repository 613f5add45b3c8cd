"""Each resource of the default enclave fails once to be deleted: it is named, and the ways out that are named lead out.

By the deletion of its stack, which fails, and by an update that has done with it, which leaves it behind.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from infra.live.left_behind import left_behind
from infra.live.unsettled import unsettled
from infra.local import faults, server
from infra.local.cloudformation.deletion import ATTEMPTS
from tests.deployed.changes import changes, removable, without
from tests.deployed.conftest import forked
from tests.deployed.failing import SETTINGS, STACKS, Enclave, at_each, beyond, one_of_each_type, sampled
from tests.deployed.inventory import inventory
from tests.live.remedies import GONE, commands, type_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

# The archive keeps all it has.
EVERY = [pytest.param(name, marks=pytest.mark.full) for name in STACKS[1:]]


@pytest.fixture(scope="module")
def enclave(assembly: Path) -> Iterator[Enclave]:
    with server.in_process(SETTINGS.accounts.enclave):
        yield Enclave(assembly)


def fails_once(enclave: Enclave, stack: str, names: Collection[str]) -> None:
    """Let each of these fail; then the deletion is tried again, and in another copy what fails is left standing."""
    held = inventory()
    enclave.stand(*STACKS[: STACKS.index(stack) + 1])

    def check(name: str, status: str) -> None:
        assert status == "DELETE_FAILED"
        (told,) = unsettled(enclave.account, SETTINGS)
        assert (told.name, told.status, [each.logical_id for each in told.resources]) == (stack, status, [name])
        again, leave = commands(told.remedy)
        assert leave.endswith(f"--retain-resources {name}")
        forked(partial(left_standing, enclave, stack, name, leave))
        assert type_in(enclave.session, again) == GONE
        left = enclave.left(stack)
        assert {each.declared.deletion_policy for each in left.values()} <= {"Retain"}, left
        assert beyond(held, (each.physical_id for each in left.values())) == []

    at_each("delete", stack, names, lambda: enclave.delete(stack), check)


def left_standing(enclave: Enclave, stack: str, name: str, command: str) -> None:
    """What is left standing stands, with whatever it holds on to, which is named in its turn.

    But what is a part of something goes with it: a policy, an entry, an association.
    """
    before = enclave.left(stack)
    while type_in(enclave.session, command) != GONE:
        (told,) = unsettled(enclave.account, SETTINGS)
        command = commands(told.remedy)[1]
    after = enclave.left(stack)
    assert name not in before or name in after or before[name].needs - after.keys()


def deletable(enclave: Enclave, stack: str) -> list[str]:
    """What a stack's deletion deletes."""
    resources = enclave.stacks[stack].resources
    return [name for name, each in resources.items() if each.get("DeletionPolicy", "Delete") == "Delete"]


def test_a_deletion_fails_once_and_the_ways_out_lead_out(enclave: Enclave) -> None:
    enclave.stand(STACKS[0])
    fails_once(enclave, STACKS[1], sampled(deletable(enclave, STACKS[1]), 1))


@pytest.mark.parametrize("stack", EVERY)
def test_each_deletion_fails_once_and_the_ways_out_lead_out(enclave: Enclave, stack: str) -> None:
    enclave.stand(*STACKS[: STACKS.index(stack)])
    names = deletable(enclave, stack)
    assert names
    fails_once(enclave, stack, names)


def done_with(enclave: Enclave, stack: str) -> dict[str, Mapping[str, Any]]:
    """Templates that have done with one resource of a stack that stands each, which may be deleted: one of each type.

    By what they do to it: it is there no longer, or replaced by another. Where the stack exports what is replaced, the
    update is rolled back, and has done with the other.
    """
    template = enclave.stacks[stack].template
    may_go = {n: r for n, r in template["Resources"].items() if r.get("DeletionPolicy", "Delete") == "Delete"}
    removed = one_of_each_type({name: may_go[name] for name in removable(template) if name in may_go})
    standing = {resource.logical_id: resource for _, resource in enclave.resources(stack)}
    replaced = {
        each.name: each for each in changes(standing, SETTINGS.region) if each.replaces and each.name == each.of
    }
    chosen = one_of_each_type({name: may_go[name] for name in replaced if name in may_go})
    return {f"remove {name}": without(template, name) for name in removed} | {
        f"replace {name}": replaced[name].applied(template) for name in chosen
    }


def is_left_behind(enclave: Enclave, stack: str, name: str, template: Mapping[str, Any]) -> None:
    fault = faults.order(f"delete {stack}/{name} times={ATTEMPTS}")
    status = enclave.update(stack, template)
    if not fault.struck:  # its service has no second one beside it, and refuses it by itself
        assert status == "UPDATE_ROLLBACK_COMPLETE"
        assert any(each.startswith(f"{name} UPDATE_FAILED") for each in enclave.reasons(stack))
        return
    assert status in ("UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE")
    (left,) = left_behind(enclave.account, SETTINGS)
    assert (left.stack, left.logical_id, left.unsure) == (stack, name, ""), left
    assert left.id not in {resource.physical_id for _, resource in enclave.resources(stack)}
    (command,) = commands(left.remedy)
    assert type_in(enclave.session, command) == "SUCCESS"
    assert list(left_behind(enclave.account, SETTINGS)) == []


def each_is_left_behind(enclave: Enclave, stack: str, count: int) -> None:
    enclave.stand(*STACKS[: STACKS.index(stack) + 1])
    templates, broken = done_with(enclave, stack), []
    assert templates
    for how in sampled(templates, count):
        try:
            forked(partial(is_left_behind, enclave, stack, how.split()[1], templates[how]))
        except pytest.fail.Exception as failure:
            broken.append(f"{how}: {failure}")
    assert not broken, "\n".join(broken)


def test_what_an_update_cannot_delete_is_left_behind_and_named(enclave: Enclave) -> None:
    each_is_left_behind(enclave, STACKS[1], 1)


@pytest.mark.parametrize("stack", EVERY)
def test_whatever_an_update_cannot_delete_is_left_behind_and_named(enclave: Enclave, stack: str) -> None:
    each_is_left_behind(enclave, stack, 1000)
