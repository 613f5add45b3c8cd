"""Whether a resource's policy refuses a call to everyone, whatever else the call's context holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.policy.decision import Request, applies
from infra.unknown import Maybe, any_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.policy.document import Document, Statement

# Whoever asks: a role that nothing exempts, a service.
STRANGER = "arn:aws:iam::999999999999:role/anyone"
CALLERS = (("AWS", STRANGER), ("Service", "any.amazonaws.com"))


def refused(policy: Document, action: str, resource: str, context: Mapping[str, str | None]) -> Maybe[bool]:
    """Whether some Deny meets every such call.

    `resource` may be a pattern: a statement must cover all of it. `context` holds the keys that make the call what it
    is, None for a key that is absent; a statement that asks for any other key, or leaves somebody or something out,
    does not count, for a caller can choose that.
    """
    relevant = [statement for statement in policy.statements if _rests_on(statement, context)]
    present = {key: (value,) for key, value in context.items() if value is not None}
    verdicts = []
    for caller in CALLERS:
        request = Request(action, resource, principal=caller, context=present)
        verdicts.append(any_of(applies(statement, request) for statement in relevant))
    return next((each for each in verdicts if each is not True), True)


def _rests_on(statement: Statement, context: Mapping[str, str | None]) -> bool:
    keys = {key.lower() for key in context}
    return (
        statement.effect != "Allow"
        and all(condition.key.lower() in keys for condition in statement.conditions)
        and statement.not_principals is None
        and statement.not_resources is None
    )
