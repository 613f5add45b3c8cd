"""The posture of an enclave as it stands in its accounts."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from infra.live.found import Found, readers
from infra.live.names import VERSION, Names
from infra.live.stacks import posture_stack, resources_of, stacks_of
from infra.posture.identity import naming, written
from infra.posture.model import Posture, build
from infra.posture.resources import Declared, Resources
from infra.posture.values import Properties, Ref, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.live.account import Account
    from infra.settings import Enclave

THREADS = 8
# How a posture writes what a stack made; see infra/live/names.py.
OF_A_STACK = re.compile(r"\{[A-Za-z][\w-]*/[^{}]+\}")


class NoEnclave(ValueError):
    """There is no stack of the enclave in the accounts and region named."""


def read(accounts: list[Account], enclave: Enclave) -> Posture:
    """The posture of the enclave's stacks, and of whatever else in their accounts acts on what they made.

    Raises NoEnclave if none is deployed there, LiveError if anything could not be read: there is no partial posture.
    """
    stacks = [(account, stack) for account in accounts for stack in stacks_of(account, enclave)]
    if not stacks:
        where = ", ".join(str(account.place) for account in accounts)
        raise NoEnclave(f"no stack of enclave {enclave.name} in {where}; deploy it, or name another profile or region")
    with ThreadPoolExecutor(THREADS) as pool:
        made = pool.map(lambda pair: list(resources_of(pair[1]["StackName"], pair[0])), stacks)
        names = Names(each for resources in made for each in resources)
        asked = [(account, each) for account in accounts for each in readers()]
        answers = pool.map(lambda pair: [(pair[0], found) for found in pair[1](pair[0], names)], asked)
        found = [each for answer in answers for each in answer]
    for _, each in found:
        if each.type != VERSION and (known := names.made(each.type, each.id)):
            names.also(known, each.id)
    parts = {(each.type, each.id): ref for _, each in found if (ref := _part(each, names))}
    declared = [(each, _as_declared(each, account, names, parts)) for account, each in found]
    return build(
        Resources(declared=tuple(each for was, each in declared if was.acts_on_all or _of_enclave(was, each, names))),
        tuple(posture_stack(stack, account) for account, stack in stacks),
        origin="account",
    )


def _part(found: Found, names: Names) -> Ref | None:
    """Who a thing is that AWS made together with a stack's resource."""
    whole = names.made(*found.part_of[:2]) if found.part_of else None
    if whole is None or found.part_of is None:
        return None
    return Ref(names.add_part(whole, found.part_of[2], found.id).strip("{}"))


def _as_declared(found: Found, account: Account, names: Names, parts: Mapping[tuple[str, str], Ref]) -> Declared:
    made = names.made(found.type, found.id)
    canonical_id = made.placeholder if made else str(names.canonical(found.id))
    properties: dict[str, Any] = names.canonical(found.properties)
    if made and made.type == VERSION:
        properties.pop("Version", None)  # the number is AWS's; the posture writes who asked for it
    kind = naming(found.type)
    texts = {name: str(properties.get(name, default)) for name, default in kind.defaults.items()}
    return Declared(
        type=found.type,
        ref=made.ref if made else parts.get((found.type, found.id), Ref(found.id)),
        place=account.place,
        id=canonical_id,
        arn=written(kind.arn, canonical_id, account.place, texts),
        properties=Properties(properties),
        source=made.source if made else Source(template=str(account.place), logical_id=found.id),
        # what no stack holds, no stack deletes
        deletion_policy=made.deletion_policy if made else "Retain",
        update_replace_policy=made.update_replace_policy if made else "Retain",
    )


def _of_enclave(found: Found, declared: Declared, names: Names) -> bool:
    """Whether a stack of the enclave made it, or it names something that one made."""
    return names.made(found.type, found.id) is not None or bool(OF_A_STACK.search(str(declared.properties.value)))
