"""AWS::S3::Bucket."""

from __future__ import annotations

from typing import Any

from infra.local import facets, tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.resource_type import Context, Properties, Refused, ResourceType, Unsupported
from infra.local.s3.properties import FACETS

AT_CREATION = {"AccessControl", "BucketName", "ObjectLockEnabled"}
GONE = ("NoSuchBucket", "404")


class Bucket(ResourceType, name="AWS::S3::Bucket"):
    """A bucket: a name and its region, and everything else a facet of its own."""

    def create(self, properties: Properties, context: Context) -> str:
        s3 = context.client("s3")
        name = properties.get("BucketName") or context.generated_name(63, lower=True)
        _check_mirrored(properties)
        arguments: dict[str, Any] = {"Bucket": name}
        if context.region != "us-east-1":
            arguments["CreateBucketConfiguration"] = {"LocationConstraint": context.region}
        if properties.get("ObjectLockEnabled") in (True, "true"):
            arguments["ObjectLockEnabledForBucket"] = True
        if "OwnershipControls" in properties:
            arguments["ObjectOwnership"] = properties["OwnershipControls"]["Rules"][0]["ObjectOwnership"]
        if "AccessControl" in properties:
            arguments["ACL"] = _canned(properties["AccessControl"])
        s3.create_bucket(**arguments)
        with undone(lambda: s3.delete_bucket(Bucket=name)):
            facets.update(s3, FACETS, {}, properties, Bucket=name)
            self._tag(name, properties, context)
        return str(name)

    def read(self, physical_id: str, context: Context) -> Properties | None:
        s3 = context.client("s3")
        if if_there(s3.head_bucket, *GONE, Bucket=physical_id) is None:
            return None
        read: Properties = {"BucketName": physical_id, **self._addresses(physical_id, context)}
        for facet in FACETS:
            read |= facet.read(s3, self.type_name, context, Bucket=physical_id)
        if "ObjectLockConfiguration" in read:
            read["ObjectLockEnabled"] = True
        known = if_there(s3.get_bucket_tagging, "NoSuchTagSet", Bucket=physical_id)
        if known and known["TagSet"]:
            read["Tags"] = tags.as_list(tags.as_map(known["TagSet"]))
        return read

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        if if_there(context.client("s3").head_bucket, *GONE, Bucket=physical_id) is None:
            return None
        return {"BucketName": physical_id, **self._addresses(physical_id, context)}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        s3 = context.client("s3")
        _check_mirrored(new)
        if old.get("ObjectLockEnabled") in (True, "true") and new.get("ObjectLockEnabled") not in (True, "true"):
            raise Refused("InvalidRequest", "Object Lock cannot be disabled once it is enabled on a bucket.")
        if new.get("ObjectLockEnabled") in (True, "true"):
            new = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}, **new}
        facets.update(s3, FACETS, old, new, Bucket=physical_id)
        if old.get("AccessControl") != new.get("AccessControl"):
            s3.put_bucket_acl(Bucket=physical_id, ACL=_canned(new.get("AccessControl", "Private")))
        self._tag(physical_id, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done(*GONE):
            context.client("s3").delete_bucket(Bucket=physical_id)

    @staticmethod
    def _tag(bucket: str, properties: Properties, context: Context) -> None:
        s3 = context.client("s3")
        wanted = tags.as_list(tags.wanted(properties, context.tags))
        if wanted:
            s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": wanted})
        else:
            s3.delete_bucket_tagging(Bucket=bucket)

    @staticmethod
    def _addresses(bucket: str, context: Context) -> dict[str, str]:
        return {
            "Arn": f"arn:{context.partition}:s3:::{bucket}",
            "DomainName": f"{bucket}.s3.amazonaws.com",
            "DualStackDomainName": f"{bucket}.s3.dualstack.{context.region}.amazonaws.com",
            "RegionalDomainName": f"{bucket}.s3.{context.region}.amazonaws.com",
            "WebsiteURL": f"http://{bucket}.s3-website.{context.region}.amazonaws.com",
        }


def _check_mirrored(properties: Properties) -> None:
    unknown = set(properties) - AT_CREATION - {"Tags"} - {facet.name for facet in FACETS}
    if unknown:
        raise Unsupported(f"property {min(unknown)} of AWS::S3::Bucket")


def _canned(words: str) -> str:
    """`LogDeliveryWrite` as the API says it: log-delivery-write."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")
