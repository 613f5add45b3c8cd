"""Bedrock's invocation logging, which no CloudFormation type sets: the settings keeper calls the API.

Bedrock tries its permissions on the destinations when the setting is put.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.local.keys import find
from infra.local.permissions import policy_allows, role_allows, role_trusts, service_context
from infra.local.rule import rule
from infra.local.s3.settings import encryption_rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.operations import Call

SERVICE = "bedrock.amazonaws.com"
OPERATION = "bedrock:PutModelInvocationLoggingConfiguration"
GUIDE = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html, read 2026-11-24"


@rule(
    OPERATION,
    error="ValidationException",
    source=f"{GUIDE}; alphagov/govuk-infrastructure#2440 (the text and its error)",
)
def log_group(call: Call, wanted: Mapping[str, str]) -> str | None:
    """The log group is there, and the role trusts Bedrock and may write to the group."""
    from moto.logs.models import logs_backends

    name, role = wanted["logGroupName"], wanted["roleArn"]
    groups = logs_backends[call.account][call.region].groups
    streams = call.arn("logs", f"log-group:{name}:log-stream:aws/bedrock/modelinvocations")
    writes = all(role_allows(role, f"logs:{verb}", streams) for verb in ("CreateLogStream", "PutLogEvents"))
    if name in groups and writes and role_trusts(role, SERVICE, _context(call)):
        return None
    return (
        f"Failed to validate permissions for log group: {name}, with role: {role}. "
        "Verify the IAM role permissions are correct."
    )


@rule(OPERATION, error="ValidationException", source=f"{GUIDE}; the text is inferred from that of a log group")
def bucket_policy(call: Call, wanted: Mapping[str, str]) -> str | None:
    """The bucket is the account's own, and its policy lets Bedrock write under the account's own prefix."""
    name, bucket = wanted["bucketName"], _bucket(call, wanted)
    prefix = f"{wanted['keyPrefix'].strip('/')}/" if wanted.get("keyPrefix") else ""
    key = f"{prefix}AWSLogs/{call.account}/BedrockModelInvocationLogs/{call.region}/probe"
    resource = f"arn:{call.partition}:s3:::{name}/{key}"
    policy = json.loads(bucket.policy) if bucket is not None and bucket.policy else {}
    if policy_allows(policy, "s3:PutObject", resource, _context(call), principal=SERVICE):
        return None
    return f"Failed to validate permissions for S3 bucket: {name}."


@rule(OPERATION, error="ValidationException", source=f"{GUIDE}; the text is inferred from that of a log group")
def bucket_key(call: Call, wanted: Mapping[str, str]) -> str | None:
    """Where the bucket is encrypted by a key, the key's policy lets Bedrock make data keys."""
    default = encryption_rule(_bucket(call, wanted)).get("ApplyServerSideEncryptionByDefault", {})
    named = default.get("KMSMasterKeyID")
    if not named:
        return None
    key = find(named, call.account, call.region)
    if key is not None and policy_allows(
        json.loads(key.policy), "kms:GenerateDataKey", key.arn, _context(call), principal=SERVICE
    ):
        return None
    return f"Failed to validate permissions for S3 bucket: {wanted['bucketName']}."


def _bucket(call: Call, wanted: Mapping[str, str]) -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[call.account][call.partition].buckets.get(wanted["bucketName"])


def _context(call: Call) -> dict[str, str]:
    return service_context(call.account, call.arn("bedrock", "*"))
