"""Many claims about one subject: each that is not so is a finding with its own remedy, and all that are so are one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.controls.finding import Finding, Subject, falls_short, holds, unknown
from infra.unknown import Maybe, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Claim:
    """What must be so, whether it is, and what to do if not."""

    says: str
    truth: Maybe[bool]
    remedy: str
    witness: object = ""
    """What refutes it; the claim itself where nothing shows it better."""


def judged(subject: Subject, claims: Iterable[Claim], *, held: str) -> Iterator[Finding]:
    """A finding for every claim that is not so or not known; `held` is the message where all are so."""
    fine = True
    for claim in claims:
        if isinstance(claim.truth, Unknown):
            yield unknown(subject, f"{claim.says}: {claim.truth}")
        elif not claim.truth:
            witness = claim.says if claim.witness == "" else claim.witness
            yield falls_short(subject, f"not so: {claim.says}", witness=witness, remedy=claim.remedy)
        fine = fine and claim.truth is True
    if fine:
        yield holds(subject, held)
