"""AWS::CloudTrail::Trail."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError

from infra.local.keys import find
from infra.local.permissions import policy_allows, role_allows, role_trusts, service_context
from infra.local.policy_documents import parsed
from infra.local.rule import rule
from infra.local.s3.settings import encryption_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SERVICE = "cloudtrail.amazonaws.com"
TYPE = "AWS::CloudTrail::Trail"
GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
API = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference"
VALUES_LIMIT = 500
"""Values over all selectors of a trail."""
CATEGORIES = ("Management", "Data", "NetworkActivity")


@rule(
    TYPE,
    error="InsufficientS3BucketPolicyException",
    source=f"{GUIDE}/create-s3-bucket-policy-for-cloudtrail.html, read 2026-11-24",
    raises=JsonRESTError,
)
def bucket_policy(trail: Any) -> str | None:
    """The bucket's policy lets CloudTrail read its ACL and write under the trail's prefix."""
    bucket = _bucket(trail)
    policy = parsed((bucket.policy or b"{}").decode()) or {}
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    log = f"{bucket.arn}/{prefix}AWSLogs/{trail.account_id}/CloudTrail/log"
    context = service_context(trail.account_id, trail.arn)
    written = {**context, "s3:x-amz-acl": "bucket-owner-full-control"}
    if trail.kms_key_id:
        written |= {"s3:x-amz-server-side-encryption": "aws:kms"}
    if policy_allows(policy, "s3:GetBucketAcl", bucket.arn, context, principal=SERVICE) and policy_allows(
        policy, "s3:PutObject", log, written, principal=SERVICE
    ):
        return None
    return f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name}"


@rule(
    TYPE,
    error="InsufficientEncryptionPolicyException",
    source=f"{GUIDE}/create-kms-key-policy-for-cloudtrail.html, read 2026-11-24",
    raises=JsonRESTError,
)
def key_policy(trail: Any) -> str | None:
    """The key lets CloudTrail describe it and make data keys, and decrypt where the bucket has a bucket key."""
    if not trail.kms_key_id:
        return None
    key = find(trail.kms_key_id, trail.account_id, trail.region_name)
    context = service_context(trail.account_id, trail.arn)
    encryption = {**context, "kms:encryptioncontext:aws:cloudtrail:arn": trail.arn}
    decrypts = ("Decrypt",) if encryption_rule(_bucket(trail)).get("BucketKeyEnabled") else ()
    if all(
        policy_allows(json.loads(key.policy), f"kms:{action}", key.arn, told, principal=SERVICE)
        for action, told in (("DescribeKey", context), *((each, encryption) for each in ("GenerateDataKey", *decrypts)))
    ):
        return None
    return f"Insufficient permissions to access S3 bucket {trail.bucket_name} or KMS key {key.arn}."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsLogGroupArnException",
    source=f"{API}/API_CreateTrail.html, read 2026-11-24; https://github.com/aws/aws-cdk/issues/1963",
    raises=JsonRESTError,
)
def log_group(trail: Any) -> str | None:
    """The log group is there, in the trail's account and region, and its ARN ends in `:*`."""
    from moto.logs.models import logs_backends

    group = trail.cw_log_group_arn or ""
    groups = logs_backends[trail.account_id][trail.region_name].groups.values()
    if group.endswith(":*") and any(f"{one.arn.removesuffix(':*')}:*" == group for one in groups):
        return None
    return "CloudTrail cannot validate the specified log group ARN."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsRoleArnException",
    source=f"{API}/API_CreateTrail.html, read 2026-11-24",
    raises=JsonRESTError,
)
def log_role_trust(trail: Any) -> str | None:
    """The role that writes to the log group is there and trusts CloudTrail."""
    # It names no source when it takes on this role, as it does to a bucket and a key; the guide's policies, 2026-11-24.
    if trail.cw_role_arn and role_trusts(trail.cw_role_arn, SERVICE, {}):
        return None
    return "CloudTrail cannot assume the specified role. Check its trust policy."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsLogGroupArnException",
    source=f"{GUIDE}/cloudtrail-required-policy-for-cloudwatch-logs.html, read 2026-11-24",
    raises=JsonRESTError,
)
def log_role_permissions(trail: Any) -> str | None:
    """The role may create the trail's log stream and put events into it, by the time the trail is made."""
    streams = trail.cw_log_group_arn.removesuffix("*")
    stream = f"{streams}log-stream:{trail.account_id}_CloudTrail_{trail.region_name}"
    if all(role_allows(trail.cw_role_arn, f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents")):
        return None
    return "Access denied. Check the permissions for your role."


@rule(
    TYPE,
    error="InvalidEventSelectorsException",
    source=f"{API}/API_PutEventSelectors.html and {API}/API_AdvancedEventSelector.html, read 2026-11-24",
    raises=JsonRESTError,
)
def selectors(basic: Iterable[Any], advanced: Iterable[Mapping[str, Any]]) -> str | None:
    """Basic or advanced selectors, each of these with one category and what that asks for, and 500 values in all."""
    if bool(basic) == bool(advanced):
        return "Specify either EventSelectors or AdvancedEventSelectors."
    for selector in advanced or []:
        fields = {field["Field"]: field for field in selector["FieldSelectors"]}
        category = fields.get("eventCategory", {}).get("Equals", [])
        if len(category) != 1 or category[0] not in CATEGORIES:
            return f"eventCategory must equal exactly one of {', '.join(CATEGORIES)}."
        needed = {"Data": "resources.type", "NetworkActivity": "eventSource"}.get(category[0])
        if needed and len(fields.get(needed, {}).get("Equals", [])) != 1:
            return f"{category[0]} events need {needed} with exactly one Equals value."
    listed = [field.values() for one in advanced or [] for field in one["FieldSelectors"]]
    if sum(len(values) for field in listed for values in field if isinstance(values, list)) > VALUES_LIMIT:
        return f"The total number of values over all advanced event selectors exceeds {VALUES_LIMIT}."
    return None


def _bucket(trail: Any) -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[trail.account_id][trail.partition].get_bucket(trail.bucket_name)
