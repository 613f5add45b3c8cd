"""Whether a policy lets a service or a role do what AWS checks when a resource is created.

Some services try their permissions at creation: log delivery, the trust of a role that a service is to
assume. This answers those checks from the policies that stand in the embedded AWS. It is no evaluator of
requests in general: organisations and sessions are not looked at.
"""

from __future__ import annotations

import json
import operator as operators
import re
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from infra.local.keys import find
from infra.local.policy_documents import statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from infra.local.policy_documents import Document


def service_context(account: str, source_arn: str) -> dict[str, str]:
    """The condition keys of a request that an AWS service makes for a resource of this account."""
    return {"aws:sourceaccount": account, "aws:sourcearn": source_arn, "aws:securetransport": "true"}


def policy_allows(
    document: Document, action: str, resource: str, context: Mapping[str, str], *, principal: str | None = None
) -> bool:
    """Whether the document allows this and no statement of it denies it.

    `principal` is a service principal (`logs.amazonaws.com`) or an ARN, for policies that name principals;
    `context` has the request's condition keys in small letters. An absent key fails a condition, unless the
    operator ends in IfExists or is negated. A condition that is not understood allows nothing and denies.
    """
    effects = {
        statement["Effect"]
        for statement in statements(document)
        if _names_principal(statement, principal)
        and _names(statement, "Action", action, ignore_case=True)
        and _names(statement, "Resource", resource)
        and _holds(statement.get("Condition", {}), context, unknown=statement["Effect"] == "Deny")
    }
    return effects == {"Allow"}


def role_trusts(role_arn: str, service: str, context: Mapping[str, str]) -> bool:
    """Whether the role exists and its trust policy lets the service principal assume it."""
    role = _role(role_arn)
    if role is None:
        return False
    trust = _document(role.assume_role_policy_document)
    return policy_allows(trust, "sts:AssumeRole", "*", context, principal=service)


def role_allows(role_arn: str, action: str, resource: str = "*", context: Mapping[str, str] | None = None) -> bool:
    """Whether the role exists and its identity policies, taken together, allow the action, and its boundary too."""
    role = _role(role_arn)
    if role is None:
        return False
    own = [statement for document in _identity(role) for statement in statements(document)]
    layers = [{"Statement": own}, *_boundary(role)]
    return all(policy_allows(layer, action, resource, context or {}) for layer in layers)


def _role(role_arn: str) -> Any:
    from moto.iam.models import iam_backends

    _, partition, _, _, account, _ = role_arn.split(":", 5)
    roles = iam_backends[account][partition].roles.values()
    return next((role for role in roles if role.arn == role_arn), None)


def _identity(role: Any) -> Iterator[Document]:
    for text in role.policies.values():
        yield _document(text)
    for policy in role.managed_policies.values():
        default = policy.default_version_id
        yield from (_document(one.document) for one in policy.versions if one.version_id == default)


def _boundary(role: Any) -> Iterator[Document]:
    """The permissions boundary, if the role has one; one that is not there allows nothing."""
    from moto.iam.models import iam_backends

    arn = role.permissions_boundary_arn
    if not arn:
        return
    _, partition, _, _, account, _ = arn.split(":", 5)
    policy: Any = iam_backends[role.account_id if account == "aws" else account][partition].managed_policies.get(arn)
    versions = policy.versions if policy else ()
    yield next((_document(one.document) for one in versions if one.version_id == policy.default_version_id), {})


def _document(text: str | Document) -> Document:
    return json.loads(text) if isinstance(text, str) else text


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _names_principal(statement: Document, principal: str | None) -> bool:
    if principal is None:
        return True
    named = statement.get("Principal", {})
    if named == "*":
        return True
    everyone = [entry for kind in named.values() for entry in _list(kind)] if isinstance(named, dict) else []
    return principal in everyone or "*" in everyone


def _names(statement: Document, element: str, wanted: str, *, ignore_case: bool = False) -> bool:
    if element in statement:
        return any(_glob(pattern, wanted, ignore_case) for pattern in _list(statement[element]))
    if f"Not{element}" in statement:
        return not any(_glob(pattern, wanted, ignore_case) for pattern in _list(statement[f"Not{element}"]))
    return element == "Resource"  # a trust policy and a key policy may name none


def _glob(pattern: str, text: str, ignore_case: bool = False) -> bool:
    return _compiled(pattern, ignore_case).fullmatch(text) is not None


@cache
def _compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    expression = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.compile(expression, re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str], *, unknown: bool) -> bool:
    """Whether every condition is met; `unknown` is what one that is not understood comes to."""
    return all(
        unknown if met is None else met
        for operator, keys in conditions.items()
        for key, values in keys.items()
        for met in [_condition(operator, context.get(key.lower()), [str(value) for value in _list(values)])]
    )


def _condition(operator: str, value: str | None, wanted: list[str]) -> bool | None:
    """Whether one condition is met; None where this cannot tell."""
    if operator == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    name = operator.removesuffix("IfExists")
    negated = "Not" in name
    match name.replace("Not", ""):
        case "StringEquals":
            matches = _equal
        case "StringEqualsIgnoreCase" | "Bool":
            matches = _equal_ignoring_case
        case "StringLike" | "ArnLike" | "ArnEquals":
            matches = _alike
        case plain if ordered := _ORDERED.fullmatch(plain):
            matches = partial(_compares, _READ[ordered[1]], _COMPARISONS[ordered[2]])
        case _:
            return None
    if value is None:
        return negated or operator.endswith("IfExists")
    try:
        return any(matches(value, text) for text in wanted) != negated
    except (ValueError, OverflowError):
        return None


def _equal(value: str, text: str) -> bool:
    return value == text


def _equal_ignoring_case(value: str, text: str) -> bool:
    return value.lower() == text.lower()


def _alike(value: str, text: str) -> bool:
    return _glob(text, value)


def _compares(read: Callable[[str], float], compare: Callable[[float, float], bool], value: str, text: str) -> bool:
    return compare(read(value), read(text))


def _moment(text: str) -> float:
    """Seconds since the epoch, of a date as ISO 8601 writes it or of the number itself."""
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


_READ: dict[str, Callable[[str], float]] = {"Date": _moment, "Numeric": float}
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "Equals": operators.eq,
    "GreaterThan": operators.gt,
    "GreaterThanEquals": operators.ge,
    "LessThan": operators.lt,
    "LessThanEquals": operators.le,
}
_ORDERED = re.compile(f"({'|'.join(_READ)})({'|'.join(_COMPARISONS)})")


def key_usable(key: str, region: str, principal_arn: str, action: str, context: Mapping[str, str]) -> bool:
    """Whether a principal may use a symmetric, enabled KMS key, as its own account names it in this region.

    The key's policy lets it, or lets the account decide and the role's own policies do.
    """
    _, partition, _, _, account, _ = principal_arn.split(":", 5)
    found = find(key, account, region)
    if found is None or not found.enabled or found.key_spec != "SYMMETRIC_DEFAULT":
        return False
    policy = _document(found.policy)
    if policy_allows(policy, action, found.arn, context, principal=principal_arn):
        return True
    root = f"arn:{partition}:iam::{account}:root"
    delegated = policy_allows(policy, action, found.arn, context, principal=root)
    return delegated and role_allows(principal_arn, action, found.arn, context)


def resource_admits(arn: str, action: str, service: str, source_arn: str) -> bool:
    """Whether a topic's or a queue's policy, and the key it is encrypted with, let a service publish or send.

    EventBridge names no source to the key of a topic, so a key policy that asks for one keeps it out. Other kinds of
    resource are admitted unasked.
    """
    _, _, kind, region, account, name = arn.split(":", 5)
    context = service_context(source_arn.split(":")[4], source_arn)
    # EventBridge names no source to a key; SNS guide, "Key management", read 2026-11-24.
    named = {} if service == "events.amazonaws.com" else context
    used = ("kms:GenerateDataKey", "kms:Decrypt")
    if kind == "sns":
        from moto.sns.models import sns_backends

        topic = sns_backends[account][region].topics.get(arn)
        if topic is None or not policy_allows(_document(topic.policy), action, arn, context, principal=service):
            return False
        own = topic.kms_master_key_id
        return not own or key_admits(own, account, region, service, used, named)
    if kind == "sqs":
        from moto.sqs.models import sqs_backends

        queue = sqs_backends[account][region].queues.get(name)
        policy = _document(queue.policy) if queue is not None and queue.policy else {}
        key: str | None = getattr(queue, "kms_master_key_id", None)
        return policy_allows(policy, action, arn, context, principal=service) and (
            not key or key_admits(key, account, region, service, used, named)
        )
    return True


def key_admits(
    key: str, account: str, region: str, service: str, actions: Iterable[str], context: Mapping[str, str]
) -> bool:
    """Whether the policy of a key, given by id, ARN or alias as seen from here, lets a service do all this."""
    found = find(key, account, region)
    if found is None or "alias/aws/" in key:
        return False  # AWS's own key for a service lets no other service in
    return all(policy_allows(_document(found.policy), one, found.arn, context, principal=service) for one in actions)
