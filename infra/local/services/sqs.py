"""SQS, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

from typing import Any

from moto.sqs.exceptions import InvalidAttributeValue
from moto.sqs.models import Queue, SQSBackend

from infra.local.mend import wrap
from infra.local.policy_documents import parsed, statements, unknown_principals


def extend() -> None:
    """Mend moto's SQS."""
    if "RedriveAllowPolicy" not in Queue.BASE_ATTRIBUTES:
        Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")
        Queue.redrive_allow_policy = None  # type: ignore[attr-defined]  # what moto reads an attribute from
    wrap(Queue, _set_attributes=_set_attributes)
    wrap(SQSBackend, create_queue=_create_queue, set_queue_attributes=_set_queue_attributes)


def _create_queue(backend: Any, motos: Any, name: str, tags: dict[str, str] | None = None, **attributes: Any) -> Any:
    """A new queue is encrypted by SQS unless it names a key.

    Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html, read 2026-11-24.
    """
    _check(attributes)
    by_sqs = {"SqsManagedSseEnabled": "false" if attributes.get("KmsMasterKeyId") else "true"}
    return motos(backend, name, tags, **{**({} if name in backend.queues else by_sqs), **attributes})


def _set_queue_attributes(backend: Any, motos: Any, queue_name: str, attributes: dict[str, Any]) -> Any:
    _check(attributes)
    changed = dict(attributes)
    if attributes.get("KmsMasterKeyId"):
        changed["SqsManagedSseEnabled"] = "false"
    if attributes.get("SqsManagedSseEnabled") == "true":
        changed["KmsMasterKeyId"] = ""
    return motos(backend, queue_name, changed)


def _set_attributes(queue: Any, motos: Any, attributes: dict[str, Any], now: float | None = None) -> None:
    """Any other attribute leaves the policy alone: moto takes it away."""
    kept = {} if "Policy" in attributes else {"Policy": getattr(queue, "policy", None)}
    motos(queue, {**attributes, **kept}, now)
    queue.policy = queue.policy or None


def _check(attributes: dict[str, Any]) -> None:
    """Refuse a policy that is no policy or names nobody's principals, and two kinds of encryption at once."""
    if attributes.get("KmsMasterKeyId") and attributes.get("SqsManagedSseEnabled") == "true":
        raise InvalidAttributeValue("SqsManagedSseEnabled")
    if policy := attributes.get("Policy"):
        document = parsed(policy)
        if document is None or not statements(document) or unknown_principals(document):
            raise InvalidAttributeValue("Policy")
