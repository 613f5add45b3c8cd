"""What CloudTrail and the log delivery service need of a bucket and its key, tied to one account of origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.customer_key import SERVICE, WRITE, used_by_service
from infra.constructs.statement import allow, by_service

if TYPE_CHECKING:
    from infra.constructs.bucket import Clause
    from infra.constructs.statement import Statement

CLOUDTRAIL = "cloudtrail.amazonaws.com"
DELIVERY = "delivery.logs.amazonaws.com"


def trail_key_use(trail_arn: str) -> Statement:
    """Let one trail encrypt what it delivers; Decrypt because the bucket uses a bucket key.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
    read 2026-11-24.
    """
    return used_by_service("UsedByTrail", CLOUDTRAIL, WRITE, {"StringEquals": {"aws:SourceArn": trail_arn}})


def delivery_key_use(source_arn: str, account: str) -> Statement:
    """Let the log deliveries of one account encrypt what they write.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html, read 2026-11-24.
    """
    return used_by_service(
        "UsedByLogDelivery",
        DELIVERY,
        SERVICE,
        {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}},
    )


def trail_delivery(trail_arn: str, account: str) -> Clause:
    """What one trail of `account` needs to deliver to a bucket.

    CloudTrail checks both statements when the trail is created ("Incorrect S3 bucket policy is detected for bucket"):
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
    read 2026-11-24.
    """
    source = {"aws:SourceArn": trail_arn}
    return lambda bucket: [
        allow(
            "AWSCloudTrailAclCheck",
            ["s3:GetBucketAcl"],
            [bucket.arn],
            principal=by_service(CLOUDTRAIL),
            conditions={"StringEquals": source},
        ),
        allow(
            "AWSCloudTrailWrite",
            ["s3:PutObject"],
            [bucket.objects(f"AWSLogs/{account}/*")],
            principal=by_service(CLOUDTRAIL),
            conditions={"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    ]


def log_delivery(source_arn: str, account: str) -> Clause:
    """What flow logs and query logs of `account` need to be delivered to a bucket.

    The ACL is asked for only if it is sent: a bucket that enforces its owner takes writes without one, and whether
    the service still sends it is disputed.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html, read 2026-11-24.
    """
    origin = {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}}
    return lambda bucket: [
        allow(
            "AWSLogDeliveryAclCheck",
            ["s3:GetBucketAcl", "s3:ListBucket"],
            [bucket.arn],
            principal=by_service(DELIVERY),
            conditions=origin,
        ),
        allow(
            "AWSLogDeliveryWrite",
            ["s3:PutObject"],
            [bucket.objects(f"AWSLogs/{account}/*")],
            principal=by_service(DELIVERY),
            conditions={**origin, "StringEqualsIfExists": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        ),
    ]


def invocation_logging(source_arn: str, account: str) -> Clause:
    """What Bedrock needs to write the records of model invocations of `account` to a bucket.

    Bedrock tries when logging is configured ("Failed to validate permissions"):
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html, read 2026-11-24.
    """
    return lambda bucket: [
        allow(
            "InvocationLoggingWrite",
            ["s3:PutObject"],
            [bucket.objects(f"AWSLogs/{account}/BedrockModelInvocationLogs/*")],
            principal=by_service("bedrock.amazonaws.com"),
            conditions={"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}},
        ),
    ]
