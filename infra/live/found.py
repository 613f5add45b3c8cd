"""What a reader found in an account, in CloudFormation's words, and how readers are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infra.live.account import Account
    from infra.live.names import Names


@dataclass(frozen=True, slots=True)
class Found:
    """One resource as the service tells it: its own id, its properties as CloudFormation would name them."""

    type: str
    id: str
    properties: dict[str, Any] = field(default_factory=dict)
    part_of: tuple[str, str, str] | None = None
    """For what AWS makes with another thing: the other's type and id, and which part it is."""
    acts_on_all: bool = False
    """Whether it acts on the enclave whoever made it, though it names nothing of it."""


Reader = Callable[["Account", "Names"], Iterable[Found]]
_READERS: dict[str, Reader] = {}


def reader(function: Reader) -> Reader:
    """Declare a function that reads some kinds of resources; it is found by walking `infra/live/services`."""
    _READERS[f"{function.__module__}.{getattr(function, '__name__', '')}"] = function
    return function


@cache
def readers() -> tuple[Reader, ...]:
    """All readers."""
    from infra.live import services

    for module in pkgutil.iter_modules(services.__path__):
        importlib.import_module(f"{services.__name__}.{module.name}")
    return tuple(_READERS[name] for name in sorted(_READERS))
