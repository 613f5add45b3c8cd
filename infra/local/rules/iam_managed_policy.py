"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from infra.local.rule import rule
from infra.local.rules.iam_policy import GUIDE, exceeded, size_of

SIZE = 6_144
"""Characters of a managed policy, whitespace apart."""


@rule(
    "AWS::IAM::ManagedPolicy",
    error="LimitExceeded",
    source=f"{GUIDE}/reference_iam-quotas.html; docker/docs#5815 (the text); read 2026-11-24",
    raises=exceeded,
)
def size(document: str) -> str | None:
    """A managed policy has at most 6,144 characters."""
    return f"Cannot exceed quota for PolicySize: {SIZE}" if size_of(document) > SIZE else None
