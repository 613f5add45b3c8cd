"""AWS::IAM::Role."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from moto.iam.exceptions import InvalidInput

from infra.local.policy_documents import principals, statements, unknown_principals
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


def invalid_input(_: str, message: str) -> InvalidInput:
    """IAM's answer to a name that is none."""
    return InvalidInput(message)


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source="aws/aws-cdk#16188 (the text and its error, of a service); cdk-preflight 1.9.1, reproduced on AWS by its "
    "authors; read 2026-11-24",
    raises=malformed,
)
def trust_principals(document: Document, partition: str) -> str | None:
    """Every role and user that a trust policy names is there already, and is of the partition."""
    if any(one.get("Principal") == "*" for one in statements(document)):
        return "AssumeRolepolicy contained an invalid principal"
    unknown = unknown_principals(document, partition)
    return f'Invalid principal in policy: "AWS":"{unknown[0]}"' if unknown else None


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source=f"{GUIDE}/reference_policies_elements_principal.html; cdk-preflight 1.9.1, reproduced on AWS by its authors "
    "(the text); read 2026-11-24",
    raises=malformed,
)
def trust_services(document: Document) -> str | None:
    """A service is named in full, by a name of AWS's domain; whether there is such a service is not looked up."""
    named = [one for one in principals(document, "Service") if not re.fullmatch(r"[\w.-]+\.amazonaws\.com(\.cn)?", one)]
    return f'Invalid principal in policy: "SERVICE":"{named[0]}"' if named else None


@rule(
    TYPE,
    error="InvalidInput",
    source="cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); which of AttachRolePolicy's errors it "
    "is, is inferred; read 2026-11-24",
    raises=invalid_input,
)
def policies_partition(arn: str, partition: str) -> str | None:
    """A policy that is attached, or a permissions boundary, is named by an ARN of the partition."""
    return "Invalid ARN partition" if arn.split(":")[1:2] not in ([], [partition]) else None


@rule(TYPE, error="LimitExceeded", source=QUOTAS, raises=exceeded)
def trust_size(document: str) -> str | None:
    """A trust policy has at most 2,048 characters."""
    return f"Cannot exceed quota for ACLSizePerRole: {TRUST_SIZE}" if size_of(document) > TRUST_SIZE else None


@rule(TYPE, error="LimitExceeded", source=QUOTAS, raises=exceeded)
def attached(policies: Collection[str]) -> str | None:
    """A role has at most 20 managed policies."""
    return f"Cannot exceed quota for PoliciesPerRole: {ATTACHED}" if len(policies) > ATTACHED else None
