"""AWS::S3::Bucket."""

from __future__ import annotations

from typing import Any

from infra.local import facets, tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.facets import Facet, Listed
from infra.local.resource_type import Context, Properties, Refused, ResourceType, Unsupported
from infra.local.s3 import rules

AT_CREATION = {"AccessControl", "BucketName", "ObjectLockEnabled"}
FACETS = (
    Facet(
        "OwnershipControls",
        put="put_bucket_ownership_controls",
        get="get_bucket_ownership_controls",
        delete="delete_bucket_ownership_controls",
        absent="OwnershipControlsNotFoundError",
        wrap=lambda value: {"OwnershipControls": value},
        unwrap=lambda answer: answer["OwnershipControls"],
    ),
    Facet(
        "BucketEncryption",
        put="put_bucket_encryption",
        get="get_bucket_encryption",
        delete="delete_bucket_encryption",
        absent="ServerSideEncryptionConfigurationNotFoundError",
        wrap=lambda value: {"ServerSideEncryptionConfiguration": {"Rules": value["ServerSideEncryptionConfiguration"]}},
        unwrap=lambda answer: {
            "ServerSideEncryptionConfiguration": answer["ServerSideEncryptionConfiguration"]["Rules"]
        },
        rename={
            "ServerSideEncryptionConfiguration.Rules.ServerSideEncryptionByDefault": (
                "ApplyServerSideEncryptionByDefault"
            )
        },
        back={
            "BucketEncryption.ServerSideEncryptionConfiguration.ApplyServerSideEncryptionByDefault": (
                "ServerSideEncryptionByDefault"
            )
        },
    ),
    Facet(
        "VersioningConfiguration",
        put="put_bucket_versioning",
        get="get_bucket_versioning",
        wrap=lambda value: {"VersioningConfiguration": value},
        unwrap=lambda answer: {"Status": answer["Status"]} if "Status" in answer else None,
        otherwise={"Status": "Suspended"},
    ),
    Facet(
        "ObjectLockConfiguration",
        put="put_object_lock_configuration",
        get="get_object_lock_configuration",
        absent="ObjectLockConfigurationNotFoundError",
        wrap=lambda value: {"ObjectLockConfiguration": value},
        unwrap=lambda answer: answer["ObjectLockConfiguration"],
        otherwise={"ObjectLockEnabled": "Enabled"},
    ),
    Facet(
        "PublicAccessBlockConfiguration",
        put="put_public_access_block",
        get="get_public_access_block",
        delete="delete_public_access_block",
        absent="NoSuchPublicAccessBlockConfiguration",
        wrap=lambda value: {"PublicAccessBlockConfiguration": value},
        unwrap=lambda answer: answer["PublicAccessBlockConfiguration"],
    ),
    Facet(
        "LifecycleConfiguration",
        put="put_bucket_lifecycle_configuration",
        get="get_bucket_lifecycle_configuration",
        delete="delete_bucket_lifecycle",
        absent="NoSuchLifecycleConfiguration",
        wrap=lambda value: {
            **{key: item for key, item in value.items() if key != "Rules"},
            "LifecycleConfiguration": {"Rules": [rules.lifecycle_rule(rule) for rule in value["Rules"]]},
        },
        unwrap=rules.lifecycle_configuration,
    ),
    Facet(
        "LoggingConfiguration",
        put="put_bucket_logging",
        get="get_bucket_logging",
        wrap=lambda value: {"BucketLoggingStatus": {"LoggingEnabled": {"LogFilePrefix": "", **value}} if value else {}},
        unwrap=rules.logging_property,
        rename={
            "BucketLoggingStatus.LoggingEnabled.DestinationBucketName": "TargetBucket",
            "BucketLoggingStatus.LoggingEnabled.LogFilePrefix": "TargetPrefix",
        },
        back={
            "LoggingConfiguration.TargetBucket": "DestinationBucketName",
            "LoggingConfiguration.TargetPrefix": "LogFilePrefix",
        },
        otherwise={},
    ),
    Facet(
        "NotificationConfiguration",
        put="put_bucket_notification_configuration",
        get="get_bucket_notification_configuration",
        wrap=lambda value: {"NotificationConfiguration": rules.notification(value)},
        unwrap=rules.notification_property,
        otherwise={},
    ),
    Facet(
        "CorsConfiguration",
        put="put_bucket_cors",
        get="get_bucket_cors",
        delete="delete_bucket_cors",
        absent="NoSuchCORSConfiguration",
        wrap=lambda value: {"CORSConfiguration": value},
        unwrap=lambda answer: answer,
        rename={
            "CORSConfiguration.CorsRules.ExposedHeaders": "ExposeHeaders",
            "CORSConfiguration.CorsRules.MaxAge": "MaxAgeSeconds",
        },
        back={
            "CorsConfiguration.CORSRules.ExposeHeaders": "ExposedHeaders",
            "CorsConfiguration.CORSRules.MaxAgeSeconds": "MaxAge",
        },
    ),
    Facet(
        "AccelerateConfiguration",
        put="put_bucket_accelerate_configuration",
        get="get_bucket_accelerate_configuration",
        wrap=lambda value: {"AccelerateConfiguration": {"Status": value["AccelerationStatus"]}},
        unwrap=lambda answer: {"AccelerationStatus": answer["Status"]} if "Status" in answer else None,
        otherwise={"AccelerationStatus": "Suspended"},
    ),
    Facet(
        "ReplicationConfiguration",
        put="put_bucket_replication",
        get="get_bucket_replication",
        delete="delete_bucket_replication",
        absent="ReplicationConfigurationNotFoundError",
        wrap=lambda value: {"ReplicationConfiguration": value},
        unwrap=lambda answer: answer["ReplicationConfiguration"],
        rename={
            "ReplicationConfiguration.Rules.Filter.TagFilter": "Tag",
            "ReplicationConfiguration.Rules.Filter.And.TagFilters": "Tags",
        },
        back={
            "ReplicationConfiguration.Rules.Filter.Tag": "TagFilter",
            "ReplicationConfiguration.Rules.Filter.And.Tags": "TagFilters",
        },
    ),
    Listed(
        "InventoryConfigurations",
        call="inventory_configuration",
        member="InventoryConfiguration",
        wrap=rules.inventory,
        unwrap=rules.inventory_property,
        rename={
            "InventoryConfiguration.Destination.S3BucketDestination.BucketAccountId": "AccountId",
            "InventoryConfiguration.Destination.S3BucketDestination.BucketArn": "Bucket",
        },
        back={
            "inventoryconfigurations.destination.accountid": "BucketAccountId",
            "inventoryconfigurations.destination.bucket": "BucketArn",
        },
    ),
    Listed(
        "MetricsConfigurations",
        call="metrics_configuration",
        member="MetricsConfiguration",
        wrap=rules.filtered,
        unwrap=rules.unfiltered,
    ),
    Listed(
        "AnalyticsConfigurations",
        call="analytics_configuration",
        member="AnalyticsConfiguration",
        wrap=rules.filtered,
        unwrap=rules.unfiltered,
    ),
    Listed(
        "IntelligentTieringConfigurations",
        call="intelligent_tiering_configuration",
        member="IntelligentTieringConfiguration",
        wrap=rules.filtered,
        unwrap=rules.unfiltered,
    ),
)
"""In the order in which they are put: who owns objects before what encrypts them, versions before locks."""
LISTED = ("NoSuchBucket", "404")


class Bucket(ResourceType, name="AWS::S3::Bucket"):
    """A bucket: a name and its region, and everything else a facet of its own."""

    def create(self, properties: Properties, context: Context) -> str:
        s3 = context.client("s3")
        name = properties.get("BucketName") or context.generated_name(63, lower=True)
        unknown = set(properties) - AT_CREATION - {"Tags"} - {facet.name for facet in FACETS}
        if unknown:
            raise Unsupported(f"property {min(unknown)} of {self.type_name}")
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
        if if_there(s3.head_bucket, *LISTED, Bucket=physical_id) is None:
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

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        s3 = context.client("s3")
        if old.get("ObjectLockEnabled") in (True, "true") and new.get("ObjectLockEnabled") not in (True, "true"):
            raise Refused("InvalidRequest", "Object Lock cannot be disabled once it is enabled on a bucket.")
        if new.get("ObjectLockEnabled") in (True, "true"):
            new = {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled"}, **new}
        facets.update(s3, FACETS, old, new, Bucket=physical_id)
        if old.get("AccessControl") != new.get("AccessControl"):
            s3.put_bucket_acl(Bucket=physical_id, ACL=_canned(new.get("AccessControl", "Private")))
        self._tag(physical_id, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done(*LISTED):
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


def _canned(words: str) -> str:
    """`LogDeliveryWrite` as the API says it: log-delivery-write."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in words).lstrip("-")
