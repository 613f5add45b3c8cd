"""AWS::S3::BucketPolicy."""

from __future__ import annotations

from infra.local.absent import absent_is_done, if_there
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import as_json, to_api


class BucketPolicy(ResourceType, name="AWS::S3::BucketPolicy"):
    """The one policy of a bucket; its physical id is the bucket's name."""

    def create(self, properties: Properties, context: Context) -> str:
        self._put(properties["Bucket"], properties, context)
        return str(properties["Bucket"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        get = context.client("s3").get_bucket_policy
        found = if_there(get, "NoSuchBucketPolicy", "NoSuchBucket", Bucket=physical_id)
        return found and {"Bucket": physical_id, "PolicyDocument": as_json(found["Policy"])}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        self._put(physical_id, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done("NoSuchBucketPolicy", "NoSuchBucket"):
            context.client("s3").delete_bucket_policy(Bucket=physical_id)

    @staticmethod
    def _put(bucket: str, properties: Properties, context: Context) -> None:
        s3 = context.client("s3")
        policy = {"Policy": properties["PolicyDocument"]}
        s3.put_bucket_policy(**to_api(s3, "put_bucket_policy", policy, Bucket=bucket))
