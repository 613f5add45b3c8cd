"""AWS::SNS::TopicPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.sns.exceptions import SNSInvalidParameter

from infra.local.policy_documents import entries, parsed, statements, unknown_principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.policy_documents import Document

TYPE = "AWS::SNS::TopicPolicy"
REFERENCE = (
    "https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html; the text is inferred; read 2026-11-24"
)


def _refusal(_: str, message: str) -> Exception:
    return SNSInvalidParameter(message)


@rule(TYPE, error="InvalidParameter", source=REFERENCE, raises=_refusal)
def document(policy: Any) -> str | None:
    """The policy is JSON and has a statement."""
    found = parsed(policy)
    return None if found is not None and statements(found) else "Invalid parameter: Policy Error: null"


@rule(TYPE, error="InvalidParameter", source=REFERENCE, raises=_refusal)
def principal(policy: Document) -> str | None:
    """Every statement of the policy names a principal."""
    named = all(entries(one, "Principal") or entries(one, "NotPrincipal") for one in statements(policy))
    return None if named else "Invalid parameter: Policy statement must have a principal"


@rule(
    TYPE,
    error="InvalidParameter",
    source="go-to-k/cdkd#839 and CloudFormation's own handler of AWS::SNS::TopicPolicy (the text), read 2026-11-24",
    raises=_refusal,
)
def principals(policy: Document) -> str | None:
    """Every role and user that the policy names is there."""
    return "Invalid parameter: Policy Error: PrincipalNotFound" if unknown_principals(policy) else None
