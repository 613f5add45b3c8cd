"""cdk-nag's NIST 800-53 R5 pack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.judges.cdk_report import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.judges.template import Objection, Template

NAME = "NIST.800.53.R5"


def judge(templates: Sequence[Template]) -> Iterator[Objection]:
    """Every violation it reports, warnings included."""
    return violations(templates, NAME)
