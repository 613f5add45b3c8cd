"""Policy statements and documents, as IAM writes them.

Plain values: what stands in a construct is what stands in the template, and making one costs no call into the CDK.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Statement = dict[str, Any]
Document = dict[str, Any]
Conditions = dict[str, dict[str, Any]]
"""Operator → condition key → value or values."""

EVERYTHING = ("*",)
ANYONE: dict[str, Any] = {"AWS": "*"}
"""Every principal, as a bucket policy writes it."""
ANY_CALLER = "*"
"""Every principal, as an endpoint policy writes it: a gateway's takes no other form."""


def by_service(service: str) -> dict[str, Any]:
    """An AWS service as principal."""
    return {"Service": service}


def by_account(partition: str, account: str) -> dict[str, Any]:
    """Whoever an account's own IAM policies allow, as principal."""
    return {"AWS": f"arn:{partition}:iam::{account}:root"}


def allow(
    sid: str,
    actions: Iterable[str],
    resources: Iterable[str],
    *,
    principal: dict[str, Any] | str | None = None,
    conditions: Conditions | None = None,
) -> Statement:
    """A statement that allows; `principal` only where the policy belongs to a resource."""
    return _statement(sid, "Allow", actions, {"Resource": resources}, principal, conditions)


def deny(
    sid: str,
    actions: Iterable[str],
    resources: Iterable[str] = EVERYTHING,
    *,
    principal: dict[str, Any] | str | None = None,
    conditions: Conditions | None = None,
) -> Statement:
    """A statement that denies."""
    return _statement(sid, "Deny", actions, {"Resource": resources}, principal, conditions)


def deny_beside(sid: str, actions: Iterable[str], resources: Iterable[str]) -> Statement:
    """A statement that denies on everything but `resources`."""
    return _statement(sid, "Deny", actions, {"NotResource": resources}, None, None)


def trust(principal: dict[str, Any], actions: Iterable[str], conditions: Conditions) -> Statement:
    """The statement of a role's trust policy."""
    written: Statement = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": _one_or_more("Trust", "actions", actions),
    }
    return {**written, "Condition": conditions} if conditions else written


def document(statements: Iterable[Statement]) -> Document:
    """A policy of these statements, in the current version of the policy language."""
    return {"Statement": list(statements), "Version": "2012-10-17"}


def _statement(
    sid: str,
    effect: str,
    actions: Iterable[str],
    resources: dict[str, Iterable[str]],
    principal: dict[str, Any] | str | None,
    conditions: Conditions | None,
) -> Statement:
    written: Statement = {"Sid": sid, "Effect": effect}
    if principal is not None:
        written["Principal"] = principal
    written["Action"] = _one_or_more(sid, "actions", actions)
    for element, values in resources.items():
        written[element] = _one_or_more(sid, "resources", values)
    if conditions:
        written["Condition"] = conditions
    return written


def _one_or_more(sid: str, what: str, values: Iterable[str]) -> str | Sequence[str]:
    """One value as itself, as IAM gives it back; none is an error, for it would match nothing without a word."""
    listed = list(values)
    if not listed:
        raise ValueError(f"statement {sid} has no {what}; name at least one")
    return listed[0] if len(listed) == 1 else listed
