"""Whether a policy lets an AWS service do what it needs to deliver: a bucket's, a key's, a topic's, a queue's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.policy.decision import Request, decide
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infra.policy.document import Document
    from infra.posture.model import Posture

Context = dict[str, tuple[str, ...]]


def acting_for(source_arn: str, account: str, **keys: str) -> Context:
    """The condition keys of a request that a service makes for a resource; in `keys`, `__` stands for the colon."""
    return {
        "aws:SourceArn": (source_arn,),
        "aws:SourceAccount": (account,),
        "aws:SecureTransport": ("true",),
        **{name.replace("__", ":").replace("_", "-"): (value,) for name, value in keys.items()},
    }


def admits(
    policies: Iterable[Maybe[Document] | None],
    service: str,
    actions: Iterable[str],
    resource: Maybe[str],
    context: Mapping[str, tuple[str, ...]],
) -> Maybe[bool]:
    """Whether these resource policies together let a service do all of this; without a policy, no service may."""
    if isinstance(resource, Unknown):
        return resource
    documents = [each for each in policies if each is not None]
    decisions = [decide(documents, Request(each, resource, ("Service", service), context)) for each in actions]
    return all_of(each if isinstance(each, Unknown) else each == "allowed" for each in decisions)


def key_admits(
    name: Maybe[str],
    service: str,
    actions: Iterable[str],
    context: Mapping[str, tuple[str, ...]],
    posture: Posture,
) -> Maybe[bool]:
    """Whether a key of the posture, by id or ARN, is enabled and its policy lets a service use it; no key asks nothing.

    AWS's own key for a service lets no other service in.
    """
    if isinstance(name, Unknown):
        return name
    if not name:
        return True
    if name.rpartition(":")[2].startswith("alias/aws/"):
        return False
    key = next((each for each in posture.keys if name in (each.id, each.arn)), None)
    if key is None:
        return Unknown(f"the policy of key {name} was not read")
    return all_of([key.enabled, admits([key.policy], service, actions, key.arn, context)])
