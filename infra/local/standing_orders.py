"""What an account's owner has ordered for the moment in which a stack has been created.

AWS has no such thing: it stands for a person, who would wait for the stack and then do it by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from infra.local.keeping import stacks_lock

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Stack

log = logging.getLogger(__name__)
Order = Callable[[str, str, Mapping[str, str]], None]
"""Takes the stack's account and region, and its outputs by key."""
_orders: dict[str, Order] = {}


def order(stack: str, do: Order) -> None:
    """Have it done once the stack of this name is made, before anybody is told that it is; at once if it stands."""
    from infra.local.cloudformation.state import engines

    with stacks_lock:
        _orders[stack] = do
        for engine in [engine for regions in list(engines.values()) for engine in list(dict.values(regions))]:
            found = engine.find(stack)
            if found is not None and found.desired is not None and not found.gone:
                carry_out(found)


def clear() -> None:
    """Take every order back."""
    _orders.clear()


def carry_out(stack: Stack) -> None:
    """Do what was ordered for a stack; what goes wrong is logged, and is nothing to the stack."""
    do = _orders.get(stack.name)
    if do is None:
        return
    try:
        do(stack.account, stack.region, {each["OutputKey"]: each["OutputValue"] for each in stack.outputs})
    except Exception:
        log.exception("what was ordered for stack %s could not be done", stack.name)
