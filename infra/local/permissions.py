"""Whether a policy lets a service or a role do what AWS checks when a resource is created.

Some services try their permissions at creation: log delivery, the trust of a role that a service is to
assume. This answers those checks from the policies that stand in the embedded AWS. It is no evaluator of
requests in general: organisations and sessions are not looked at.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from infra.local.conditions import filled, glob, holds, listed
from infra.local.keys import find
from infra.local.policy_documents import statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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
    return _effects(document, action, resource, context, principal) == {"Allow"}


def policy_denies(
    document: Document, action: str, resource: str, context: Mapping[str, str], *, principal: str | None = None
) -> bool:
    """Whether a statement of the document denies this, whatever another allows; see `policy_allows`."""
    return "Deny" in _effects(document, action, resource, context, principal)


def _effects(
    document: Document, action: str, resource: str, context: Mapping[str, str], principal: str | None = None
) -> set[str]:
    """Of every statement that is about this request."""
    if principal is not None and principal.endswith(".amazonaws.com"):
        # IAM guide, "Global condition context keys", read 2026-11-24.
        context = {"aws:principalisawsservice": "true", "aws:principalservicename": principal, **context}
    return {
        str(statement.get("Effect"))
        for statement in statements(document)
        if _names_principal(statement, principal)
        and _names(statement, "Action", action, ignore_case=True)
        and _names(statement, "Resource", resource, context)
        and holds(statement.get("Condition", {}), context, unknown=statement.get("Effect") == "Deny")
    }


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

    if role_arn.count(":") < 5:
        return None
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


def _names_principal(statement: Document, principal: str | None) -> bool:
    if principal is None:
        return True
    if "NotPrincipal" in statement:
        return not _among(principal, statement["NotPrincipal"])
    return _among(principal, statement.get("Principal", {}))


def _among(principal: str, named: Any) -> bool:
    """Whether a Principal element says this one; an account's number says its root."""
    if named == "*":
        return True
    everyone = [str(entry) for kind in named.values() for entry in listed(kind)] if isinstance(named, dict) else []
    root = re.fullmatch(r"arn:[\w-]+:iam::(\d{12}):root", principal)
    return principal in everyone or "*" in everyone or (root is not None and root[1] in everyone)


def _names(
    statement: Document,
    element: str,
    wanted: str,
    context: Mapping[str, str] | None = None,
    *,
    ignore_case: bool = False,
) -> bool:
    negated = element not in statement and f"Not{element}" in statement
    patterns = statement.get(f"Not{element}" if negated else element)
    if patterns is None:
        return element == "Resource"  # a trust policy and a key policy may name none
    said = [filled(str(pattern), context or {}) for pattern in listed(patterns)]
    return any(glob(pattern, wanted, ignore_case) for pattern in said if pattern is not None) != negated


def key_usable(key: str, region: str, principal_arn: str, action: str, context: Mapping[str, str]) -> bool:
    """Whether a role may use a symmetric, enabled KMS key, as its own account names it in this region.

    The key's policy lets it, or lets the account decide and the role's own policies do.
    """
    _, partition, _, _, account, _ = principal_arn.split(":", 5)
    found = find(key, account, region)
    if found is None or not found.enabled or found.key_spec != "SYMMETRIC_DEFAULT":
        return False
    policy, role = _document(found.policy), _role(principal_arn)
    own = _effects(policy, action, found.arn, context, principal_arn)
    if role is None or "Deny" in own:
        return False
    if own == {"Allow"}:
        # What a key policy gives a role by its ARN, its boundary limits and its own policies may still deny.
        denied = any("Deny" in _effects(each, action, found.arn, context) for each in _identity(role))
        return not denied and all(policy_allows(each, action, found.arn, context) for each in _boundary(role))
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
