"""Object Lock: what a locked version, a lock and a locked bucket refuse.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html and
https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html, read 2026-11-24.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.s3.exceptions import AccessDeniedByLock, MalformedXML, MissingKey, MissingVersion, S3ClientError

from infra.local.rules import s3_bucket
from infra.local.rules.s3_bucket import MODES
from infra.local.s3.settings import payload


def put_object_lock_configuration(backend: Any, bucket_name: str, lock_enabled: bool, *retention: Any) -> None:
    """Lock a bucket, with versions on it, or change its default retention: with objects in it too.

    moto refuses both once there is an object; AWS has allowed them since November 2023. `retention` is mode, days
    and years.
    """
    mode, days, years = retention
    bucket = backend.get_bucket(bucket_name)
    s3_bucket.lock_stays(lock_enabled)
    s3_bucket.lock_needs_versions(bucket)
    s3_bucket.lock_period(mode, days, years)
    bucket.object_lock_enabled = True
    bucket.default_lock_mode = mode
    bucket.default_lock_days = days or None
    bucket.default_lock_years = years or None


def lock_asked(response: Any) -> dict[str, Any]:
    """What a request to lock a bucket asks for, as `put_object_lock_configuration` takes it."""
    asked = payload("PutObjectLockConfiguration", response.body) if response.body else {}
    retention = asked.get("Rule", {}).get("DefaultRetention", {})
    return {
        "enabled": asked.get("ObjectLockEnabled") == "Enabled",
        "mode": retention.get("Mode"),
        "days": retention.get("Days"),
        "years": retention.get("Years"),
    }


def get_object_lock_configuration(response: Any) -> Any:
    """The bucket's lock and its default retention, in days or in years but never both."""
    _, mode, days, years = response.backend.get_object_lock_configuration(response.bucket_name)
    length = {"Days": days} if days else {"Years": years}
    rule = {"Rule": {"DefaultRetention": {"Mode": mode, **length}}} if mode else {}
    response.data["Action"] = "GetObjectLockConfiguration"
    return response.serialized(ActionResult({"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", **rule}}))


def put_bucket_versioning(backend: Any, bucket_name: str, status: str) -> None:
    """Versions stay on where the lock needs them."""
    bucket = backend.get_bucket(bucket_name)
    s3_bucket.lock_keeps_versions(bucket, status)
    bucket.versioning_status = status


def default_retention(bucket: Any) -> str:
    """Until when the bucket's default retention locks what is put now."""
    from datetime import timedelta

    length = timedelta(days=(bucket.default_lock_days or 0) + 365 * (bucket.default_lock_years or 0))
    return (datetime.now(UTC) + length).strftime("%Y-%m-%dT%H:%M:%SZ")


def get_object_retention(response: Any) -> Any:
    """What locks a version, and until when; moto answers with the object itself."""
    version = response.querystring.get("versionId", [None])[0]
    key = response.backend.get_object(response.bucket_name, response.parse_key_name(), version_id=version)
    if key is None:
        raise MissingVersion if version else MissingKey
    if not response.backend.get_bucket(response.bucket_name).object_lock_enabled:
        raise S3ClientError("InvalidRequest", "Bucket is missing Object Lock Configuration")
    if not key.lock_mode:
        raise S3ClientError(
            "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration"
        )
    response.data["Action"] = "GetObjectRetention"
    retention = {"Mode": key.lock_mode, "RetainUntilDate": _date(key.lock_until)}
    return response.serialized(ActionResult({"Retention": retention}))


def put_object_retention(response: Any) -> Any:
    """Lock a version, for longer if it is locked already: a compliance lock is never shortened, weakened or lifted."""
    version = response.querystring.get("versionId", [None])[0]
    bucket = response.backend.get_bucket(response.bucket_name)
    if not bucket.object_lock_enabled:
        raise S3ClientError("InvalidRequest", "Bucket is missing Object Lock Configuration")
    key = response.backend.get_object(response.bucket_name, response.parse_key_name(), version_id=version)
    if key is None:
        raise MissingVersion if version else MissingKey
    mode, until = response._mode_until_from_body()
    if (mode is None) != (until is None) or (mode is not None and mode not in MODES):
        raise MalformedXML
    if until is not None and _date(until) <= datetime.now(UTC):
        raise S3ClientError("InvalidArgument", "The retain until date must be in the future!")
    bypass = response.headers.get("x-amz-bypass-governance-retention", "").lower() == "true"
    if key.is_locked(governance_bypass=bypass) and key.lock_mode in MODES:
        weaker = key.lock_mode == "COMPLIANCE" and mode != "COMPLIANCE"
        if weaker or until is None or _date(until) < _date(key.lock_until):
            raise AccessDeniedByLock
    key.lock_mode, key.lock_until = mode, until
    return 200, {}, ""


def put_object(backend: Any, moto_puts: Any, bucket_name: str, key_name: str, value: bytes, **arguments: Any) -> Any:
    """Put an object, under the bucket's default retention whichever way it comes: moto forgets multipart uploads."""
    bucket = backend.get_bucket(bucket_name)
    if not arguments.get("lock_mode") and bucket.has_default_lock:
        arguments |= {"lock_mode": bucket.default_lock_mode, "lock_until": bucket.default_retention()}
    until = arguments.get("lock_until")
    if until and _date(until) <= datetime.now(UTC):
        raise S3ClientError("InvalidArgument", "The retain until date must be in the future!")
    return moto_puts(backend, bucket_name, key_name, value, **arguments)


def _date(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
