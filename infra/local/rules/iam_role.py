"""AWS::IAM::Role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.policy_documents import unknown_principals
from infra.local.rule import rule
from infra.local.rules.iam_policy import GUIDE, exceeded, malformed, size_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from infra.local.policy_documents import Document

TYPE = "AWS::IAM::Role"
QUOTAS = f"{GUIDE}/reference_iam-quotas.html, read 2026-11-24"
TRUST_SIZE = 2_048
"""Characters of a trust policy, whitespace apart; the quota may be raised."""
ATTACHED = 20
"""Managed policies attached to one role: 10 in older accounts, and may be raised to 25."""


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source="CreateRole's message as users report it; no page of AWS found that says so, 2026-11-24",
    raises=malformed,
)
def trust_principals(document: Document, partition: str) -> str | None:
    """Every role and user that a trust policy names is there already, and is of the partition."""
    unknown = unknown_principals(document, partition)
    return f'Invalid principal in policy: "AWS":"{unknown[0]}"' if unknown else None


@rule(TYPE, error="LimitExceeded", source=QUOTAS, raises=exceeded)
def trust_size(document: str) -> str | None:
    """A trust policy has at most 2,048 characters."""
    return f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}" if size_of(document) > TRUST_SIZE else None


@rule(TYPE, error="LimitExceeded", source=QUOTAS, raises=exceeded)
def attached(policies: Collection[str]) -> str | None:
    """A role has at most 20 managed policies."""
    return f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}" if len(policies) > ATTACHED else None
