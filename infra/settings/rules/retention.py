"""How long records are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.settings.rules.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.settings.enclave import Retention

WARN_EVIDENCE_DAYS = 30


@rule
def evidence_lock_is_short(retention: Retention) -> Iterator[Fault]:
    """A COMPLIANCE lock cannot be undone: a long one warns before it is deployed."""
    days = retention.evidence_days
    if days > WARN_EVIDENCE_DAYS:
        yield Fault(
            ("retention", "evidence_days"),
            f"evidence is locked for {days} days: COMPLIANCE cannot be shortened or undone by anyone, the bucket and "
            f"its cost stay that long; {WARN_EVIDENCE_DAYS} or fewer do not warn",
            "warning",
        )
