"""AWS::IAM::Policy, and what every policy of IAM is asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from moto.iam.exceptions import LimitExceededException, MalformedPolicyDocument

from infra.local.policy_documents import entries, parsed, statements
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::IAM::Policy"
GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide"
INLINE_SIZE = 10_240
"""Characters of a role's inline policies together, whitespace apart."""


def malformed(_: str, message: str) -> MalformedPolicyDocument:
    """IAM's answer to a policy that it cannot take."""
    return MalformedPolicyDocument(message)


def exceeded(_: str, message: str) -> LimitExceededException:
    """IAM's answer to more than a quota allows."""
    return LimitExceededException(message)


def size_of(document: str) -> int:
    """A policy's size as IAM counts it: in characters, without whitespace."""
    return len(re.sub(r"\s", "", document))


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source=f"{GUIDE}/reference-arns.html; aws/aws-cdk#1848 (the text and its error); read 2026-11-24",
    raises=malformed,
)
def partition(document: str, own: str) -> str | None:
    """Every resource's ARN is of the partition."""
    for statement in statements(parsed(document) or {}):
        for resource in (*entries(statement, "Resource"), *entries(statement, "NotResource")):
            named = resource.split(":")[1] if resource.startswith("arn:") and ":" in resource[4:] else "*"
            if named not in ("*", own):
                return f'Partition "{named}" is not valid for resource "{resource}".'
    return None


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source=f"{GUIDE}/reference_policies_elements_sid.html; cdk-preflight 1.9.1, reproduced on AWS by its authors (the "
    "text); read 2026-11-24",
    raises=malformed,
)
def sid(document: str) -> str | None:
    """A statement's id has letters and digits alone."""
    named = [str(one["Sid"]) for one in statements(parsed(document) or {}) if "Sid" in one]
    if all(re.fullmatch(r"[A-Za-z0-9]*", one) for one in named):
        return None
    return (
        "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"
    )


@rule(
    TYPE,
    error="LimitExceeded",
    source=f"{GUIDE}/reference_iam-quotas.html; HumanCellAtlas/data-store#1963 (the text, of a group); read 2026-11-24",
    raises=exceeded,
)
def size(role: str, inline: Mapping[str, str]) -> str | None:
    """A role's inline policies have at most 10,240 characters together."""
    if sum(size_of(document) for document in inline.values()) <= INLINE_SIZE:
        return None
    return f"Maximum policy size of {INLINE_SIZE} bytes exceeded for role {role}"
