"""AWS::S3::Bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.s3.exceptions import S3ClientError

from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE = "AWS::S3::Bucket"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
MEASURED = "cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
INFREQUENT = ("STANDARD_IA", "ONEZONE_IA")
INFREQUENT_DAYS = 30
MODES = ("GOVERNANCE", "COMPLIANCE")


@rule(
    TYPE,
    error="InvalidBucketState",
    source=f"{GUIDE}/object-lock-configure.html; {MEASURED}",
    raises=S3ClientError,
)
def lock_needs_versions(bucket: Any) -> str | None:
    """A bucket is versioned before it is locked."""
    if bucket.is_versioned:
        return None
    return "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"


@rule(
    TYPE,
    error="InvalidBucketState",
    source=f"{GUIDE}/object-lock-managing.html; {MEASURED}",
    raises=S3ClientError,
)
def lock_keeps_versions(bucket: Any, status: str) -> str | None:
    """Versions stay on where the lock needs them."""
    if not bucket.object_lock_enabled or status == "Enabled":
        return None
    return "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."


@rule(
    TYPE,
    error="MalformedXML",
    source="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html, read 2026-11-24",
    raises=S3ClientError,
)
def lock_period(mode: str | None, days: int | None, years: int | None) -> str | None:
    """A default retention has a mode and either days or years."""
    if mode is None or (mode in MODES and bool(days) != bool(years)):
        return None
    return "The XML you provided was not well-formed or did not validate against our published schema"


@rule(
    TYPE,
    error="MalformedXML",
    source=f"{GUIDE}/object-lock-managing.html, read 2026-11-24",
    raises=S3ClientError,
)
def lock_stays(enabled: bool) -> str | None:
    """Object Lock is never turned off."""
    return (
        None if enabled else "The XML you provided was not well-formed or did not validate against our published schema"
    )


@rule(
    TYPE,
    error="InvalidArgument",
    source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html; "
    "public reports of the first text and its error; that of infrequent access is inferred; read 2026-11-24",
    raises=S3ClientError,
)
def lifecycle(one: Mapping[str, Any]) -> str | None:
    """A lifecycle's rule expires later than it transitions, and nothing goes to infrequent access within 30 days."""
    moved = [each for each in one.get("Transitions", []) if "Days" in each]
    for each in moved:
        if each["StorageClass"] in INFREQUENT and each["Days"] < INFREQUENT_DAYS:
            return (
                f"'Days' in Transition action must be greater than or equal to {INFREQUENT_DAYS} for storageClass "
                f"'{each['StorageClass']}'"
            )
    expires = one.get("Expiration", {}).get("Days")
    if expires is None or all(each["Days"] < expires for each in moved):
        return None
    prefix = one.get("Filter", {}).get("Prefix", one.get("Prefix", ""))
    return (
        f"'Days' in the Expiration action for filter '(prefix={prefix})' must be greater than 'Days' in the Transition "
        "action"
    )
