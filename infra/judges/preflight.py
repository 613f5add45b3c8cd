"""cdk-preflight: what deployments refuse though schemas pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.judges.cdk_report import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infra.judges.template import Objection, Template

NAME = "cdk-preflight"


def judge(templates: Sequence[Template]) -> Iterator[Objection]:
    """Every violation it reports, warnings included."""
    return violations(templates, NAME)
