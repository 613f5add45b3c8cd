"""The tagging API tells of the buckets of the region that it is asked in, and of no others."""

from __future__ import annotations

import boto3
from moto import mock_aws

from infra.local.services import resourcegroupstaggingapi

WEST, EAST = "us-gov-west-1", "us-gov-east-1"
KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


def test_a_bucket_is_told_of_in_its_region_alone() -> None:
    resourcegroupstaggingapi.extend()
    tags = [{"Key": "Owner", "Value": "somebody"}]
    with mock_aws():
        for region in (WEST, EAST):
            s3 = boto3.client("s3", region_name=region, **KEYS)
            s3.create_bucket(Bucket=f"of-{region}", CreateBucketConfiguration={"LocationConstraint": region})
            s3.put_bucket_tagging(Bucket=f"of-{region}", Tagging={"TagSet": tags})
        for region in (WEST, EAST):
            tagging = boto3.client("resourcegroupstaggingapi", region_name=region, **KEYS)
            wanted = [{"Key": "Owner", "Values": ["somebody"]}]
            told = tagging.get_resources(TagFilters=wanted)["ResourceTagMappingList"]
            assert [each["ResourceARN"] for each in told] == [f"arn:aws-us-gov:s3:::of-{region}"]
