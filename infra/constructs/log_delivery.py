"""What CloudTrail and the log delivery service need of a bucket and its key, tied to one account of origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.constructs.customer_key import SERVICE, WRITE, used_by_service

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

CLOUDTRAIL = "cloudtrail.amazonaws.com"
DELIVERY = "delivery.logs.amazonaws.com"


def trail_key_use(trail_arn: str) -> iam.PolicyStatement:
    """Let one trail encrypt what it delivers; Decrypt because the bucket uses a bucket key.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html,
    read 2026-11-24.
    """
    return used_by_service("UsedByTrail", CLOUDTRAIL, WRITE, {"StringEquals": {"aws:SourceArn": trail_arn}})


def delivery_key_use(source_arn: str, account: str) -> iam.PolicyStatement:
    """Let the log deliveries of one account encrypt what they write.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html, read 2026-11-24.
    """
    return used_by_service(
        "UsedByLogDelivery",
        DELIVERY,
        SERVICE,
        {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}},
    )


def allow_trail(bucket: s3.Bucket, *, trail_arn: str, account: str) -> None:
    """Let one trail of `account` deliver to the bucket.

    CloudTrail checks both statements when the trail is created ("Incorrect S3 bucket policy is detected for bucket"):
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html,
    read 2026-11-24.
    """
    source = {"aws:SourceArn": trail_arn}
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AWSCloudTrailAclCheck",
            principals=[iam.ServicePrincipal(CLOUDTRAIL)],
            actions=["s3:GetBucketAcl"],
            resources=[bucket.bucket_arn],
            conditions={"StringEquals": source},
        )
    )
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AWSCloudTrailWrite",
            principals=[iam.ServicePrincipal(CLOUDTRAIL)],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"AWSLogs/{account}/*")],
            conditions={"StringEquals": {**source, "s3:x-amz-acl": "bucket-owner-full-control"}},
        )
    )


def allow_log_delivery(bucket: s3.Bucket, *, source_arn: str, account: str) -> None:
    """Let flow logs and query logs of `account` be delivered to the bucket.

    The ACL is asked for only if it is sent: a bucket that enforces its owner takes writes without one, and whether
    the service still sends it is disputed.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html, read 2026-11-24.
    """
    origin = {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}}
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AWSLogDeliveryAclCheck",
            principals=[iam.ServicePrincipal(DELIVERY)],
            actions=["s3:GetBucketAcl", "s3:ListBucket"],
            resources=[bucket.bucket_arn],
            conditions=origin,
        )
    )
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="AWSLogDeliveryWrite",
            principals=[iam.ServicePrincipal(DELIVERY)],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"AWSLogs/{account}/*")],
            conditions={**origin, "StringEqualsIfExists": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        )
    )


def allow_invocation_logging(bucket: s3.Bucket, *, source_arn: str, account: str) -> None:
    """Let Bedrock write the records of model invocations of `account` to the bucket.

    Bedrock tries when logging is configured ("Failed to validate permissions"):
    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html, read 2026-11-24.
    """
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="InvocationLoggingWrite",
            principals=[iam.ServicePrincipal("bedrock.amazonaws.com")],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"AWSLogs/{account}/BedrockModelInvocationLogs/*")],
            conditions={"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source_arn}},
        )
    )
