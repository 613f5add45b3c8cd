"""AWS::KMS::Key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError

from infra.local.permissions import policy_allows
from infra.local.policy_documents import principals, statements, unknown_principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.policy_documents import Document

TYPE = "AWS::KMS::Key"
API = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html"
MALFORMED = "MalformedPolicyDocumentException"
OF_ANOTHER_CALL = ("kms:viaservice", "kms:encryptioncontext", "kms:grantisforawsresource", "aws:sourcearn")
"""Condition keys that a person's or CloudFormation's PutKeyPolicy never meets."""


@rule(
    TYPE,
    error=MALFORMED,
    source=f"{API}; cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24",
    raises=JsonRESTError,
)
def policy_principals(document: Document, partition: str) -> str | None:
    """Every principal that a key policy names is there already, and is of the partition."""
    if not unknown_principals(document, partition):
        return None
    return "Policy contains a statement with one or more invalid principals."


@rule(
    TYPE,
    error=MALFORMED,
    source=f"{API}; aws-solutions/innovation-sandbox-on-aws#31 (the text and its error); that a condition of another "
    "call's keys does not count is inferred; read 2026-11-24",
    raises=JsonRESTError,
)
def policy_lockout(document: Document, account: str, partition: str) -> str | None:
    """A key policy lets someone of the key's account change it again."""
    # AWS asks whether the caller may; who that will be is not known here, so anyone of the account will do.
    lasting = {"Statement": [_bare(one) for one in statements(document) if _counts(one)]}
    root = f"arn:{partition}:iam::{account}:root"
    named = {root if one in ("*", account) else one for one in principals(lasting)}
    mine = [one for one in sorted({root, *named}) if f"::{account}:" in one]
    if any(policy_allows(lasting, "kms:PutKeyPolicy", "*", {}, principal=one) for one in mine):
        return None
    return "The new key policy will not allow you to update the key policy in the future."


def _counts(statement: Document) -> bool:
    """Whether a statement is about a later PutKeyPolicy: a denial under a condition need not be."""
    keys = [key.lower() for operator in statement.get("Condition", {}).values() for key in operator]
    return not keys or (statement.get("Effect") == "Allow" and not any(key.startswith(OF_ANOTHER_CALL) for key in keys))


def _bare(statement: Document) -> Document:
    """The statement without its condition, and for whichever key."""
    return {name: value for name, value in statement.items() if name not in ("Condition", "Resource")}
