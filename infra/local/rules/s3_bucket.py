"""AWS::S3::Bucket."""

from __future__ import annotations

from typing import Any

from moto.s3.exceptions import S3ClientError

from infra.local.rule import rule

TYPE = "AWS::S3::Bucket"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
MEASURED = "cdk-preflight 1.9.1, reproduced on AWS by its authors (the text); read 2026-11-24"
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
