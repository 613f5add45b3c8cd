"""Failures to order: the next creation, update or deletion of a resource, or the next calls of an operation, fail.

A fault is told in one line, by the words that `sallyport local fail` and `sallyport local start --fail` take:

    create STACK/RESOURCE   the resource, by logical id or type (`*`, `?` and `[…]` match as in a shell), cannot be made
    update STACK/RESOURCE   it cannot be changed, nor changed back where a rollback does so
    delete STACK/RESOURCE   it cannot be deleted
    call SERVICE/OPERATION  a client's call is answered with the error; the engine's own calls are not

and after it, in any order: `code=CODE` (default: ServiceInternalError for resources, ThrottlingException for calls),
`times=N` (how often, one by one; default 1), `after` (a resource: only once the service has done its part),
`status=N` (a call: the HTTP status; default 400), `reset` (a call: no answer, the connection is reset).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal, get_args

from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

Verb = Literal["create", "update", "delete", "call"]
RESET_HEADER = "x-sallyport-reset"


class FaultError(ValueError):
    """A line that tells no fault; the message says what is wrong with it."""


@dataclass
class Fault:
    """What is to fail, how, and how often still."""

    verb: Verb
    where: str
    """The stack, or the service."""
    what: str
    """The logical id or type, or the operation."""
    code: str
    times: int = 1
    after: bool = False
    status: int = 400
    reset: bool = False
    struck: list[str] = field(default_factory=list)
    """What it has struck, in order."""

    def shown(self) -> dict[str, Any]:
        """The fault as the server tells it."""
        return {"fault": f"{self.verb} {self.where}/{self.what}", "code": self.code, "left": self.times} | {
            "struck": list(self.struck)
        }


_ordered: list[Fault] = []
_lock = threading.Lock()


def parse(line: str) -> Fault:
    """The fault that a line tells. Raises FaultError."""
    words = line.split()
    if len(words) < 2 or words[0] not in get_args(Verb) or not all(part for part in words[1].partition("/")):
        raise FaultError(
            f"{line!r} is no fault, allowed: create, update or delete STACK/RESOURCE, or call SERVICE/OPERATION, "
            "each with code=CODE, times=N, after, status=N, reset after it"
        )
    where, _, what = words[1].partition("/")
    verb: Any = words[0]
    fault = Fault(verb, where, what, "ThrottlingException" if verb == "call" else "ServiceInternalError")
    for word in words[2:]:
        _set(fault, word)
    return fault


def _set(fault: Fault, word: str) -> None:
    name, _, value = word.partition("=")
    allowed = ("code", "times", "status", "reset") if fault.verb == "call" else ("code", "times", "after")
    if name not in allowed:
        raise FaultError(f"{word!r} says nothing of a fault of {fault.verb}, allowed: {', '.join(allowed)}")
    if name in ("after", "reset"):
        if value:
            raise FaultError(f"{word!r} takes no value")
        setattr(fault, name, True)
    elif name == "code":
        if not value:
            raise FaultError("code= needs the error's code")
        fault.code = value
    elif not value.isdigit() or int(value) < 1 or (name == "status" and not 400 <= int(value) <= 599):
        raise FaultError(f"{word!r} needs a number{', 400 to 599' if name == 'status' else ' from 1'}")
    else:
        setattr(fault, name, int(value))


def order(line: str) -> Fault:
    """Let what the line tells fail from now on, as often as it says. Raises FaultError."""
    fault = parse(line)
    with _lock:
        _ordered.append(fault)
    return fault


def ordered() -> list[Fault]:
    """Every fault, with those that are used up."""
    with _lock:
        return list(_ordered)


def clear() -> None:
    """Let nothing fail any longer."""
    with _lock:
        _ordered.clear()


def strike(verb: Verb, stack: str, logical_id: str, type_name: str, *, after: bool = False) -> None:
    """Raise what was ordered for this resource, before or after the service has done its part."""
    for fault in _struck(verb, stack, (logical_id, type_name), after=after):
        raise Refused(fault.code, f"{verb} of {logical_id} fails by order of the embedded AWS's switch")


def answer(service: str, operation: str) -> Fault | None:
    """The fault that was ordered for this call, if any."""
    return next(_struck("call", service, (operation,)), None)


def pending_calls() -> bool:
    """Whether a fault of any call is ordered: most requests need to ask no more."""
    return any(fault.verb == "call" for fault in _ordered)


def _struck(verb: Verb, where: str, names: tuple[str, ...], *, after: bool = False) -> Iterator[Fault]:
    with _lock:
        for fault in _ordered:
            if (
                fault.times
                and (fault.verb, fault.after) == (verb, after)
                and fnmatchcase(where, fault.where)
                and any(fnmatchcase(name, fault.what) for name in names)
            ):
                fault.times -= 1
                fault.struck.append(f"{where}/{names[0]}")
                yield fault
                return
