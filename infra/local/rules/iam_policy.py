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
MEASURED = "cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
ARN_PARTS = 6
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
    source=f"{GUIDE}/reference_policies_elements_principal.html; " + MEASURED,
    raises=malformed,
)
def principal(document: str) -> str | None:
    """A policy of an identity names no principal: it is whoever the policy is attached to."""
    if not any({"Principal", "NotPrincipal"} & one.keys() for one in statements(parsed(document) or {})):
        return None
    return "Policy document should not specify a principal."


@rule(
    TYPE,
    error="MalformedPolicyDocument",
    source=f"{GUIDE}/reference-arns.html; " + MEASURED,
    raises=malformed,
)
def resource_arns(document: str) -> str | None:
    """A resource's ARN has six parts and names its service in full."""
    for statement in statements(parsed(document) or {}):
        for resource in (*entries(statement, "Resource"), *entries(statement, "NotResource")):
            parts = resource.split(":")
            if resource.startswith("arn:") and len(parts) < ARN_PARTS and not resource.endswith("*"):
                return "The policy failed legacy parsing"
            if resource.startswith("arn:") and len(parts) >= ARN_PARTS and "*" in parts[2]:
                return "Resource vendor must be fully qualified and cannot contain regexes."
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
