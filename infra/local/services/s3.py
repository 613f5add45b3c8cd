"""S3, where moto lacks or gets wrong what an enclave relies on.

Settings are kept and answered as they were put (`infra/local/s3/settings.py`), Object Lock holds
(`locks.py`), malformed and public policies are refused (`policies.py`), new buckets have AWS's defaults.
"""

from __future__ import annotations

from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.exceptions import PreconditionFailed, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from infra.local.mend import replace, wrap
from infra.local.s3 import checks, locks, policies, settings
from infra.local.s3.settings import keep

ENCRYPTED_BY_S3 = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}


def extend() -> None:
    """Mend moto's S3."""
    replace(FakeBucket, get_permission=_undecided, default_retention=locks.default_retention)
    replace(
        S3Backend,
        put_bucket_versioning=locks.put_bucket_versioning,
        put_object_lock_configuration=locks.put_object_lock_configuration,
    )
    wrap(
        S3Backend,
        create_bucket=_create_bucket,
        delete_bucket_encryption=_delete_bucket_encryption,
        put_bucket_policy=_put_bucket_policy,
        put_object=_put_object,
    )
    replace(
        S3Response,
        _process_lock_config_from_body=locks.lock_asked,
        get_object_lock_configuration=locks.get_object_lock_configuration,
        put_object_retention=locks.put_object_retention,
    )
    wrap(
        S3Response,
        _bucket_response_delete=_bucket_delete,
        _bucket_response_get=_bucket_get,
        _bucket_response_put=_bucket_put,
        _key_response_get=_key_get,
        get_object=_get_object,
        _key_response_post=_key_post,
    )


def _undecided(self: Any, action: str, resource: str) -> PermissionResult:
    """Object calls are not decided by bucket policies here: moto's own reading ignores Principal and Condition."""
    return PermissionResult.NEUTRAL


def _create_bucket(backend: Any, motos: Any, *arguments: Any, **named: Any) -> Any:
    """A new bucket is encrypted by S3, its owner owns what is in it, and nothing in it is public.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html, read 2026-11-24.
    """
    bucket = motos(backend, *arguments, **named)
    bucket.ownership_rule = "BucketOwnerEnforced"
    bucket.public_access_block = PublicAccessBlock("true", "true", "true", "true")
    _encrypt_by_s3(bucket)
    return bucket


def _delete_bucket_encryption(backend: Any, motos: Any, bucket_name: str) -> None:
    _encrypt_by_s3(backend.get_bucket(bucket_name))


def _encrypt_by_s3(bucket: Any) -> None:
    bucket.encryption = {"Rule": ENCRYPTED_BY_S3}
    default = ENCRYPTED_BY_S3["ApplyServerSideEncryptionByDefault"]
    keep(bucket, "encryption")[""] = {
        "Rules": [{"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": False}]
    }


def _put_bucket_policy(backend: Any, motos: Any, bucket_name: str, policy: bytes) -> None:
    policies.check(backend.get_bucket(bucket_name), policy)
    motos(backend, bucket_name, policy)


def _put_object(backend: Any, motos: Any, bucket_name: str, key_name: str, value: bytes, **arguments: Any) -> Any:
    bucket = backend.get_bucket(bucket_name)
    default = bucket.encryption["Rule"]["ApplyServerSideEncryptionByDefault"]
    encryption = arguments.get("encryption") or default["SSEAlgorithm"]
    checks.key_usable(bucket, encryption, arguments.get("kms_key_id") or default.get("KMSMasterKeyID"))
    return locks.put_object(backend, motos, bucket_name, key_name, value, **arguments)


def _get_object(response: Any, motos: Any) -> Any:
    key, _ = response._get_key()
    checks.key_usable(response.backend.get_bucket(response.bucket_name), key.encryption, key.kms_key_id)
    return motos(response)


def _bucket_put(response: Any, motos: Any, request: Any, bucket_name: str, query: dict[str, Any]) -> Any:
    canned = request.headers.get("x-amz-acl")
    if "acl" in query:
        policies.check_acl(response.backend.get_bucket(bucket_name), canned)
    if not query and canned not in (None, "private"):
        owner = request.headers.get("x-amz-object-ownership", "BucketOwnerEnforced")
        if owner == "BucketOwnerEnforced":
            raise S3ClientError(
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )
    return settings.put(response, lambda: motos(response, request, bucket_name, query), query)


def _bucket_get(response: Any, motos: Any, bucket_name: str, query: dict[str, Any]) -> Any:
    return settings.get(response, lambda: motos(response, bucket_name, query), query)


def _bucket_delete(response: Any, motos: Any, bucket_name: str, query: dict[str, Any]) -> Any:
    answer = settings.delete(response, lambda: motos(response, bucket_name, query), query)
    if "encryption" in query:
        _encrypt_by_s3(response.backend.get_bucket(bucket_name))
    return answer


def _key_get(response: Any, motos: Any, query: dict[str, Any], key_name: str) -> Any:
    if "retention" in query:
        return locks.get_object_retention(response)
    return motos(response, query, key_name)


def _key_post(response: Any, motos: Any, request: Any, *rest: Any) -> Any:
    """A multipart upload too may ask that it overwrite nothing; `rest` is body, bucket, query and key."""
    _, bucket_name, query, key_name = rest
    overwrites = response.backend.get_object(bucket_name, key_name) is not None
    if query.get("uploadId") and request.headers.get("If-None-Match") == "*" and overwrites:
        raise PreconditionFailed("If-None-Match")
    return motos(response, request, *rest)
