"""AWS::CloudTrail::Trail."""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError

from infra.local.permissions import policy_allows, service_context
from infra.local.policy_documents import parsed
from infra.local.rule import rule

SERVICE = "cloudtrail.amazonaws.com"


@rule(
    "AWS::CloudTrail::Trail",
    error="InsufficientS3BucketPolicyException",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html, "
    "read 2026-11-24",
    raises=JsonRESTError,
)
def bucket_policy(trail: Any) -> str | None:
    """The bucket's policy lets CloudTrail read its ACL and write under the trail's prefix."""
    from moto.s3.models import s3_backends

    bucket = s3_backends[trail.account_id][trail.partition].get_bucket(trail.bucket_name)
    policy = parsed((bucket.policy or b"{}").decode()) or {}
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    log = f"{bucket.arn}/{prefix}AWSLogs/{trail.account_id}/CloudTrail/log"
    context = service_context(trail.account_id, trail.arn)
    written = {**context, "s3:x-amz-acl": "bucket-owner-full-control"}
    if policy_allows(policy, "s3:GetBucketAcl", bucket.arn, context, principal=SERVICE) and policy_allows(
        policy, "s3:PutObject", log, written, principal=SERVICE
    ):
        return None
    return f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name}"
