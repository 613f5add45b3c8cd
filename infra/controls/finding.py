"""What a control, or a judge, says about one subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from infra.posture.values import Resource, Source

if TYPE_CHECKING:
    from infra.unknown import Unknown


class Verdict(StrEnum):
    """Three verdicts; unknown never passes."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict on one subject, with what shows it and what to do about it."""

    control: str
    verdict: Verdict
    subject: str
    """The resource, `Stack/LogicalId`, or what else the verdict is about."""
    message: str
    witness: str = ""
    """What refutes the claim: the value, statement, request or packet."""
    remedy: str = ""
    source: Source = field(default_factory=Source)

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Failures first, then by control and subject."""
        return (["fail", "unknown", "pass"].index(self.verdict), self.control, self.subject, self.message)


Subject = Resource | str


def holds(subject: Subject, message: str = "holds") -> Finding:
    """The control holds for the subject."""
    return _finding(Verdict.PASS, subject, message)


def falls_short(subject: Subject, message: str, *, witness: object = "", remedy: str = "") -> Finding:
    """The control does not hold for the subject."""
    return _finding(Verdict.FAIL, subject, message, str(witness), remedy)


def unknown(subject: Subject, why: Unknown | str, *, remedy: str = "") -> Finding:
    """It cannot be told whether the control holds for the subject."""
    return _finding(Verdict.UNKNOWN, subject, str(why), remedy=remedy)


def _finding(verdict: Verdict, subject: Subject, message: str, witness: str = "", remedy: str = "") -> Finding:
    source = subject.source if isinstance(subject, Resource) else Source()
    name = str(subject.ref) if isinstance(subject, Resource) else subject
    return Finding("", verdict, name, message, witness, remedy, source)
