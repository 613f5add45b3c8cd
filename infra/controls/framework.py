"""How a control is declared, found and run.

A control is a module of this package named after its id, with one function that yields findings:

    @control("NET-05", title="…", serves=["SC-7(3)"], source="…, read 2026-11-24")
    def public_access_blocked(posture: Posture, settings: Enclave) -> Iterator[Finding]: …

A control that judges without settings takes the posture alone.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import infra.controls as package
from infra.controls.finding import Finding, Verdict, falls_short, unknown
from infra.posture.resources import EVERYTHING

if TYPE_CHECKING:
    from infra.posture.model import Posture
    from infra.settings import Enclave

TO_SETTLE = {
    "templates": "write into the template what it takes from a parameter, a condition or from outside the assembly; or "
    "list an assumption for {} with an owner and a last day",
    "account": "read it by hand, and mend or declare what the answer depends on; or list an assumption for {} with an "
    "owner and a last day",
}
"""What to do about what cannot be told, where the control has no better advice."""

Check = Callable[..., Iterator[Finding]]
C = TypeVar("C", bound=Check)


@dataclass(frozen=True, slots=True)
class Control:
    """One control: what it shows, for whom, by which function."""

    id: str
    title: str
    serves: tuple[str, ...]
    source: str
    check: Check

    @property
    def family(self) -> str:
        """The part before the number: NET, INF, GRD, …"""
        return self.id.split("-")[0]

    @property
    def needs_settings(self) -> bool:
        """Whether the check takes settings beside the posture."""
        return len(inspect.signature(self.check).parameters) > 1


_DECLARED: dict[str, Control] = {}


def control(id: str, *, title: str, serves: Sequence[str], source: str) -> Callable[[C], C]:
    """Declare a function as the control of this id; `serves` names principles (P1) and NIST controls (SC-7(3))."""

    def declare(check: C) -> C:
        if id in _DECLARED and _DECLARED[id].check.__module__ != check.__module__:
            raise ValueError(f"control {id} is declared in {_DECLARED[id].check.__module__} and {check.__module__}")
        _DECLARED[id] = Control(id, title, tuple(serves), source, check)
        return check

    return declare


@cache
def controls() -> tuple[Control, ...]:
    """Every control of the package, by id."""
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return tuple(declared for _, declared in sorted(_DECLARED.items()))


def run(posture: Posture, settings: Enclave | None, chosen: Iterable[Control] | None = None) -> tuple[Finding, ...]:
    """The findings of all controls, or of those chosen, failures first. Nothing a control does stops the others."""
    found = [
        finding for each in (controls() if chosen is None else chosen) for finding in _run(each, posture, settings)
    ]
    return tuple(sorted(found, key=lambda finding: finding.order))


def _run(each: Control, posture: Posture, settings: Enclave | None) -> Iterator[Finding]:
    if each.needs_settings and settings is None:
        yield replace(unknown(each.id, "no settings: this control compares with an enclave's choices"), control=each.id)
        return
    watched = _Watched(posture)
    try:
        arguments = (watched, settings) if each.needs_settings else (watched,)
        findings = [*each.check(*arguments), *_undecided(posture, watched.touched)]
        if not findings:
            remedy = f"deploy what this control judges: {each.title}"
            findings = [falls_short(each.id, "nothing to judge was found", remedy=remedy)]
    except Exception as error:  # a control that raises fails the run, whatever it raised
        message, where = f"the control itself failed: {type(error).__name__}: {error}", each.check.__module__
        findings = [falls_short(each.id, message, remedy=f"mend {where.replace('.', '/')}.py, or what it cannot read")]
    settle = TO_SETTLE[posture.origin].format(each.id)
    for finding in findings:
        unsettled = finding.verdict is Verdict.UNKNOWN and not finding.remedy
        yield replace(finding, control=each.id, remedy=settle if unsettled else finding.remedy)


def _undecided(posture: Posture, touched: set[str]) -> Iterator[Finding]:
    """What the readers could not decide about the collections that a control looked at."""
    for each in posture.undecided:
        if each.collection == EVERYTHING or each.collection in touched:
            scope = "the posture" if each.collection == EVERYTHING else each.collection.replace("_", " ")
            yield Finding("", Verdict.UNKNOWN, str(each.what), f"{scope}: {each.why}", source=each.source)


class _Watched:
    """A posture that remembers which collections were looked at."""

    def __init__(self, posture: Posture) -> None:
        self._posture = posture
        self.touched: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.touched.add(name)
        return getattr(self._posture, name)
