"""AWS::KMS::Key."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from moto.core.exceptions import JsonRESTError

from infra.local.policy_documents import entries, principals, statements, unknown_principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.policy_documents import Document

TYPE = "AWS::KMS::Key"
SOURCE = "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html, read 2026-11-24"
MALFORMED = "MalformedPolicyDocumentException"


@rule(TYPE, error=MALFORMED, source=SOURCE, raises=JsonRESTError)
def policy_principals(document: Document, partition: str) -> str | None:
    """Every principal that a key policy names is there already, and is of the partition."""
    if not unknown_principals(document, partition):
        return None
    return "Policy contains a statement with one or more invalid principals."


@rule(TYPE, error=MALFORMED, source=SOURCE, raises=JsonRESTError)
def policy_lockout(document: Document, account: str) -> str | None:
    """A key policy lets someone of the key's account change it again."""
    if any(_keeps_control(statement, account) for statement in statements(document)):
        return None
    return "The new key policy will not allow you to update the key policy in the future."


def _keeps_control(statement: Document, account: str) -> bool:
    actions = [action.lower() for action in entries(statement, "Action")]
    mine = [one for one in principals({"Statement": statement}) if one in ("*", account) or f"::{account}:" in one]
    allows = statement.get("Effect") == "Allow" and any(fnmatchcase("kms:putkeypolicy", each) for each in actions)
    return allows and bool(mine)
