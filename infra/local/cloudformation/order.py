"""In which order CloudFormation works where the template orders nothing: as written, or by chance from a seed.

CloudFormation itself starts whatever has nothing left to wait for, all at once, in no order it promises; a stack that
only stands because of the order of its template has a DependsOn missing.
Source: AWS CloudFormation User Guide, "DependsOn attribute", read 2026-11-24.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Run

_seed: dict[str, int] = {}


def use(seed: int | None) -> None:
    """Create and delete by chance from this seed from now on; None: in the template's own order."""
    _seed.clear()
    if seed is not None:
        _seed["chosen"] = seed


def chance(run: Run) -> Random | None:
    """What decides the order of one operation, whatever goes on in other stacks meanwhile; None: the template's own."""
    return Random(f"{_seed['chosen']} {run.stack.name} {run.operation.kind}") if _seed else None
