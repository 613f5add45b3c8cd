"""SNS, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

import logging
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.sns.exceptions import SNSInvalidParameter
from moto.sns.models import SNSBackend, Subscription
from moto.sns.responses import SNSResponse

from infra.local import triggers
from infra.local.mend import replace, wrap
from infra.local.permissions import resource_admits
from infra.local.policy_documents import parsed
from infra.local.rules import sns_topic_policy as rules

_LOG = logging.getLogger(__name__)
FEEDBACK = tuple(
    f"{protocol}{member}"
    for protocol in ("Application", "Firehose", "HTTP", "Lambda", "SQS")
    for member in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
)
KEPT = ("ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig", *FEEDBACK)
"""Attributes that moto takes and never gives back."""
ATTRIBUTES = {
    *KEPT,
    "ContentBasedDeduplication",
    "DeliveryPolicy",
    "DisplayName",
    "FifoTopic",
    "KmsMasterKeyId",
    "Policy",
}


def extend() -> None:
    """Mend moto's SNS."""
    wrap(SNSResponse, get_topic_attributes=_get_topic_attributes)
    replace(
        SNSResponse,
        get_data_protection_policy=_get_data_protection_policy,
        put_data_protection_policy=_put_data_protection_policy,
    )
    wrap(Subscription, publish=_deliver)
    wrap(SNSBackend, create_topic=_create_topic, set_topic_attribute=_set_topic_attribute)


def _deliver(subscription: Any, motos: Any, *message: Any, **more: Any) -> None:
    """A queue gets what its own policy, and the key it is encrypted with, let SNS send it; moto asks neither.

    Source: SNS developer guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic", read 2026-11-24.
    """
    if subscription.protocol != "sqs":
        motos(subscription, *message, **more)
        return
    if not resource_admits(subscription.endpoint, "sqs:SendMessage", "sns.amazonaws.com", subscription.topic.arn):
        _LOG.warning("topic %s may not send to %s", subscription.topic.arn, subscription.endpoint)
        return
    motos(subscription, *message, **more)
    triggers.count("subscription")


def _get_topic_attributes(response: Any, motos: Any) -> ActionResult:
    topic = response.backend.get_topic(response._get_param("TopicArn"))
    answer: dict[str, Any] = motos(response).result
    kept = {name: getattr(topic, camelcase_to_underscores(name), None) for name in KEPT}
    return ActionResult({"Attributes": {**answer["Attributes"], **{name: kept[name] for name in kept if kept[name]}}})


def _create_topic(backend: Any, motos: Any, name: str, attributes: Any = None, tags: Any = None) -> Any:
    for attribute, value in (attributes or {}).items():
        _check(attribute, value)
    return motos(backend, name, attributes, tags)


def _set_topic_attribute(backend: Any, motos: Any, topic_arn: str, attribute_name: str, attribute_value: str) -> None:
    """moto is given the attribute's name in small letters."""
    names = {camelcase_to_underscores(name): name for name in ATTRIBUTES}
    _check(names.get(attribute_name, ""), attribute_value)
    motos(backend, topic_arn, attribute_name, attribute_value)


def _check(attribute: str, value: Any) -> None:
    """Refuse an attribute that SNS does not have, and a policy that is no policy or names nobody's principals."""
    if attribute not in ATTRIBUTES:
        raise SNSInvalidParameter("Invalid parameter: AttributeName")
    if attribute == "Policy":
        rules.document(value)
        policy = parsed(value) or {}
        rules.principal(policy)
        rules.principals(policy)


def _get_data_protection_policy(response: Any) -> ActionResult:
    topic = response.backend.get_topic(response._get_param("ResourceArn"))
    return ActionResult({"DataProtectionPolicy": getattr(topic, "data_protection_policy", "")})


def _put_data_protection_policy(response: Any) -> ActionResult:
    topic = response.backend.get_topic(response._get_param("ResourceArn"))
    policy = response._get_param("DataProtectionPolicy")
    if parsed(policy) is None:
        raise SNSInvalidParameter("Invalid parameter: DataProtectionPolicy Reason: the policy is not valid JSON")
    topic.data_protection_policy = "" if policy == "{}" else policy
    return EmptyResult()
