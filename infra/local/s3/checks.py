"""What S3 refuses in a bucket's settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.s3.exceptions import S3ClientError

from infra.local.keys import find
from infra.local.permissions import policy_allows, service_context
from infra.local.rules import s3_bucket

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = dict[str, Any]


def ownership(bucket: Any) -> str:
    """Who owns objects in the bucket; without a setting of its own, uploaders do."""
    return str(bucket.ownership_rule or "ObjectWriter")


def logging(bucket: Any, value: Value) -> None:
    """The target of access logs must be there, near, and take what the log service writes; EVD-07 finds a locked one.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html, read 2026-11-24.
    """
    enabled = value.get("LoggingEnabled")
    if not enabled:
        return
    code = "InvalidTargetBucketForLogging"
    target = _bucket(bucket, enabled["TargetBucket"])
    if target is None:
        raise S3ClientError(code, "The target bucket for logging does not exist")
    if target.account_id != bucket.account_id:
        raise S3ClientError(code, "The owner for the bucket to be logged and the target bucket must be the same.")
    if target.region_name != bucket.region_name:
        raise S3ClientError("CrossLocationLoggingProhibited", "Cross S3 location logging not allowed. ")
    if ownership(target) != "BucketOwnerEnforced" and not target._log_permissions_enabled_acl(target):
        raise S3ClientError(
            code, "You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket"
        )


def lifecycle(bucket: Any, value: Value) -> None:
    """What becomes of objects in time is in order."""
    for rule in value.get("Rules", []):
        s3_bucket.lifecycle(rule)


def encryption(bucket: Any, value: Value) -> None:
    """A key is named only for encryption by KMS."""
    rules = value.get("Rules", [])
    if len(rules) != 1:
        raise S3ClientError("MalformedXML", "The XML you provided was not well-formed or did not validate")
    default = rules[0].get("ApplyServerSideEncryptionByDefault", {})
    if default.get("SSEAlgorithm") not in ("AES256", "aws:kms", "aws:kms:dsse"):
        raise S3ClientError("MalformedXML", "The XML you provided was not well-formed or did not validate")
    if "KMSMasterKeyID" in default and default["SSEAlgorithm"] == "AES256":
        raise S3ClientError(
            "InvalidArgument",
            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
        )


def replication(bucket: Any, value: Value) -> None:
    """Both ends are versioned, and the destination is there."""
    if bucket.versioning_status != "Enabled":
        raise S3ClientError(
            "InvalidRequest", "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
        )
    for rule in value["Rules"]:
        target = _bucket(bucket, rule["Destination"]["Bucket"].rsplit(":", 1)[1])
        if target is None:
            raise S3ClientError("InvalidRequest", "Destination bucket must exist.")
        if target.versioning_status != "Enabled":
            raise S3ClientError("InvalidRequest", "Destination bucket must have versioning enabled.")


def notification(bucket: Any, value: Value) -> None:
    """Each destination is there and lets S3 send to it.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html,
    read 2026-11-24.
    """
    for kind, member in (("TopicConfigurations", "TopicArn"), ("QueueConfigurations", "QueueArn")):
        for rule in value.get(kind, []):
            if not _takes(rule[member], bucket):
                raise S3ClientError("InvalidArgument", "Unable to validate the following destination configurations")


def key_usable(bucket: Any, encryption: str | None, named: str | None) -> None:
    """An object under a KMS key is written and read only while the key is there and enabled.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html, read 2026-11-24.
    """
    if not named or not (encryption or "").startswith("aws:kms") or "alias/aws/" in named:
        return
    key = find(named, bucket.account_id, bucket.region_name)
    if key is None:
        raise S3ClientError("KMS.NotFoundException", f"Key '{named}' does not exist")
    if key.key_state == "Disabled":
        raise S3ClientError("KMS.DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "Enabled":
        raise S3ClientError("KMS.KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _takes(arn: str, bucket: Any) -> bool:
    _, _, service, region, account, name = arn.split(":", 5)
    if service == "sns":
        from moto.sns.models import sns_backends

        topic = sns_backends[account][region].topics.get(arn)
        policy, action = (topic.policy, "sns:Publish") if topic else (None, "")
    else:
        from moto.sqs.models import sqs_backends

        queue = sqs_backends[account][region].queues.get(name)
        policy, action = (queue.policy, "sqs:SendMessage") if queue else (None, "")
    if not policy:
        return False
    document: Mapping[str, Any] = json.loads(policy) if isinstance(policy, str) else policy
    context = service_context(bucket.account_id, bucket.arn)
    return bool(policy_allows(dict(document), action, arn, context, principal="s3.amazonaws.com"))


def _bucket(near: Any, name: str) -> Any:
    """A bucket by name, whichever account of the partition has it."""
    from moto.s3.models import s3_backends

    partition, account = s3_backends.bucket_accounts.get(name, (None, None))
    return s3_backends[account][partition].buckets.get(name) if account and partition else None
