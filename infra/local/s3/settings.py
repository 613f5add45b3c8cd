"""A bucket's settings, kept as they were put, in the API's own shape.

moto takes apart what it is given and gives back what it understood: it loses a lifecycle rule's sizes, a
replication rule's filter, EventBridge in a notification. Here the request is read by botocore's model, kept on the
bucket and answered by that model; moto's own handling still runs where its behaviour hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moto.core.parse import RestXMLParser
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.s3.exceptions import S3ClientError

from infra.local.s3 import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """One sub-resource of a bucket: the operations that put and get it, and what is between them."""

    put: str
    get: str
    answers: Callable[[Value], Value]
    """From what was put to the get operation's answer."""
    refuse: Callable[[Any, Value], None] = lambda bucket, value: None
    """Raises what AWS refuses for this bucket and value."""
    moto: bool = True
    """Whether moto's own handler sees the request too, for the behaviour that hangs on it."""
    listed: str = ""
    """For settings that a bucket has many of, by id: the list operation, whose first list output has them all."""
    absent: str = "NoSuchConfiguration"


def _named(name: str) -> Callable[[Value], Value]:
    return lambda value: {name: value}


SETTINGS: Mapping[str, Setting] = {
    "lifecycle": Setting(
        "PutBucketLifecycleConfiguration",
        "GetBucketLifecycleConfiguration",
        lambda value: {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K", **value},
        refuse=checks.lifecycle,
    ),
    "notification": Setting(
        "PutBucketNotificationConfiguration",
        "GetBucketNotificationConfiguration",
        lambda value: value,
        refuse=checks.notification,
    ),
    "logging": Setting("PutBucketLogging", "GetBucketLogging", lambda value: value, refuse=checks.logging, moto=False),
    "cors": Setting("PutBucketCors", "GetBucketCors", lambda value: value),
    "encryption": Setting(
        "PutBucketEncryption",
        "GetBucketEncryption",
        _named("ServerSideEncryptionConfiguration"),
        refuse=checks.encryption,
    ),
    "replication": Setting(
        "PutBucketReplication",
        "GetBucketReplication",
        _named("ReplicationConfiguration"),
        refuse=checks.replication,
    ),
    "accelerate": Setting("PutBucketAccelerateConfiguration", "GetBucketAccelerateConfiguration", lambda value: value),
    "inventory": Setting(
        "PutBucketInventoryConfiguration",
        "GetBucketInventoryConfiguration",
        _named("InventoryConfiguration"),
        moto=False,
        listed="ListBucketInventoryConfigurations",
    ),
    "metrics": Setting(
        "PutBucketMetricsConfiguration",
        "GetBucketMetricsConfiguration",
        _named("MetricsConfiguration"),
        moto=False,
        listed="ListBucketMetricsConfigurations",
    ),
    "analytics": Setting(
        "PutBucketAnalyticsConfiguration",
        "GetBucketAnalyticsConfiguration",
        _named("AnalyticsConfiguration"),
        moto=False,
        listed="ListBucketAnalyticsConfigurations",
    ),
    "intelligent-tiering": Setting(
        "PutBucketIntelligentTieringConfiguration",
        "GetBucketIntelligentTieringConfiguration",
        _named("IntelligentTieringConfiguration"),
        moto=False,
        listed="ListBucketIntelligentTieringConfigurations",
    ),
}


def keep(bucket: Any, name: str) -> Value:
    """The values put on a bucket for one setting, by id; the id is empty for a setting that stands alone."""
    kept: dict[str, Value] = bucket.__dict__.setdefault("sallyport_settings", {})
    return kept.setdefault(name, {})


def encryption_rule(bucket: Any) -> Value:
    """How what is put into the bucket is encrypted: the one rule of its encryption, as it was put."""
    rules: list[Value] = keep(bucket, "encryption").get("", {}).get("Rules", [])
    return rules[0] if rules else {}


def put(response: Any, moto_puts: Callable[[], Any], query: Mapping[str, Any]) -> Any:
    """Answer a PUT of a bucket's sub-resource: refuse, let moto see it, keep it."""
    found = _asked(query)
    if found is None:
        return moto_puts()
    name, setting = found
    bucket = response.backend.get_bucket(response.bucket_name)
    value = payload(setting.put, response.body)
    if "x-amz-transition-default-minimum-object-size" in response.headers:
        value["TransitionDefaultMinimumObjectSize"] = response.headers["x-amz-transition-default-minimum-object-size"]
    setting.refuse(bucket, value)
    answer = moto_puts() if setting.moto else (200, {}, "")
    keep(bucket, name)[_id(query)] = value
    return answer


def get(response: Any, moto_gets: Callable[[], Any], query: Mapping[str, Any]) -> Any:
    """Answer a GET of a bucket's sub-resource with what was kept; moto says how its absence is told."""
    found = _asked(query)
    if found is None:
        return moto_gets()
    name, setting = found
    kept = keep(response.backend.get_bucket(response.bucket_name), name)
    if setting.listed and "id" not in query:
        output = get_service_model("s3").operation_model(setting.listed).output_shape
        member = next(member for member, shape in output.members.items() if shape.type_name == "list")
        return _answer(response, setting.listed, {member: list(kept.values()), "IsTruncated": False})
    if _id(query) in kept:
        return _answer(response, setting.get, setting.answers(kept[_id(query)]))
    if setting.listed:
        raise S3ClientError(setting.absent, "The specified configuration does not exist.")
    if not setting.moto:
        return _answer(response, setting.get, {})
    return moto_gets()


def delete(response: Any, moto_deletes: Callable[[], Any], query: Mapping[str, Any]) -> Any:
    """Answer a DELETE of a bucket's sub-resource."""
    found = _asked(query)
    if found is None:
        return moto_deletes()
    name, setting = found
    keep(response.backend.get_bucket(response.bucket_name), name).pop(_id(query), None)
    return (204, {}, "") if setting.listed else moto_deletes()


def _asked(query: Mapping[str, Any]) -> tuple[str, Setting] | None:
    return next(((name, setting) for name, setting in SETTINGS.items() if name in query), None)


def _id(query: Mapping[str, Any]) -> str:
    return str(query.get("id", [""])[0])


def payload(operation: str, body: bytes) -> Value:
    """The request's payload, read by botocore's model of the operation."""
    model = get_service_model("s3").operation_model(operation)
    shape = model.input_shape.members[model.input_shape.serialization["payload"]]
    parser: Any = RestXMLParser(model)
    value: Value = parser._parse_shape(shape, parser._initial_body_parse(body))
    return value


def _answer(response: Any, operation: str, output: Value) -> Any:
    response.data["Action"] = operation
    return response.serialized(ActionResult(output))
