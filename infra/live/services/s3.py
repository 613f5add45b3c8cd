"""S3: the buckets of the enclave, with everything that protects them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names


@reader
def buckets(account: Account, names: Names) -> Iterator[Found]:
    """Buckets that the enclave's stacks made, and their policies."""
    existing = {bucket["Name"] for bucket in account.call("s3", "list_buckets")["Buckets"]}
    for name in names.ids("AWS::S3::Bucket", account.place):
        if name in existing:
            yield Found("AWS::S3::Bucket", name, dict(_properties(account, name)))
            if policy := account.call("s3", "get_bucket_policy", Bucket=name, absent=("NoSuchBucketPolicy",)):
                yield Found("AWS::S3::BucketPolicy", name, {"Bucket": name, "PolicyDocument": policy["Policy"]})


def _properties(account: Account, name: str) -> Iterator[tuple[str, Any]]:
    def ask(operation: str, *absent: str) -> Any:
        return account.call("s3", operation, Bucket=name, absent=absent) or {}

    lock = ask("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError").get("ObjectLockConfiguration")
    yield "ObjectLockEnabled", bool(lock and lock.get("ObjectLockEnabled") == "Enabled")
    if lock:
        yield "ObjectLockConfiguration", lock
    if status := ask("get_bucket_versioning").get("Status"):
        yield "VersioningConfiguration", {"Status": status}
    encryption = ask("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError")
    rules = encryption.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    yield "BucketEncryption", {"ServerSideEncryptionConfiguration": [_encryption(rule) for rule in rules]}
    if logging := ask("get_bucket_logging").get("LoggingEnabled"):
        target = {"DestinationBucketName": logging["TargetBucket"], "LogFilePrefix": logging.get("TargetPrefix", "")}
        yield "LoggingConfiguration", target
    block = ask("get_public_access_block", "NoSuchPublicAccessBlockConfiguration")
    # Nothing configured is nothing blocked, which an empty block would not say.
    blocked = block.get("PublicAccessBlockConfiguration") or {"BlockPublicAcls": False}
    yield "PublicAccessBlockConfiguration", blocked
    ownership = ask("get_bucket_ownership_controls", "OwnershipControlsNotFoundError").get("OwnershipControls")
    if ownership:
        yield "OwnershipControls", {"Rules": ownership["Rules"]}
    lifecycle = ask("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration").get("Rules", [])
    yield "LifecycleConfiguration", {"Rules": [_rule(each) for each in lifecycle]}
    if replication := ask("get_bucket_replication", "ReplicationConfigurationNotFoundError"):
        yield "ReplicationConfiguration", replication["ReplicationConfiguration"]


def _encryption(rule: dict[str, Any]) -> dict[str, Any]:
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    return {
        "BucketKeyEnabled": rule.get("BucketKeyEnabled", False),
        "ServerSideEncryptionByDefault": {
            "SSEAlgorithm": default.get("SSEAlgorithm", "AES256"),
            "KMSMasterKeyID": default.get("KMSMasterKeyID", ""),
        },
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    """A lifecycle rule in CloudFormation's names."""
    expiration = rule.get("Expiration", {})
    scope = rule.get("Filter", {})
    moves = [
        {"StorageClass": move["StorageClass"], "TransitionInDays": move.get("Days") or move.get("NoncurrentDays")}
        for move in (*rule.get("Transitions", []), *rule.get("NoncurrentVersionTransitions", []))
    ]
    given = {
        "Status": rule["Status"],
        "Prefix": rule.get("Prefix") or scope.get("Prefix") or scope.get("And", {}).get("Prefix") or "",
        "ExpirationInDays": expiration.get("Days"),
        "ExpiredObjectDeleteMarker": expiration.get("ExpiredObjectDeleteMarker"),
        "NoncurrentVersionExpiration": rule.get("NoncurrentVersionExpiration"),
        "AbortIncompleteMultipartUpload": rule.get("AbortIncompleteMultipartUpload"),
        "Transitions": moves or None,
    }
    return {name: value for name, value in given.items() if value is not None}
