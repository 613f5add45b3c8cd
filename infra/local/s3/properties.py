"""The properties of AWS::S3::Bucket that S3 keeps by calls of their own."""

from __future__ import annotations

from infra.local.facets import Facet, Listed
from infra.local.s3 import rules

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
    Facet(
        "WebsiteConfiguration",
        put="put_bucket_website",
        get="get_bucket_website",
        delete="delete_bucket_website",
        absent="NoSuchWebsiteConfiguration",
        wrap=lambda value: {"WebsiteConfiguration": rules.website(value)},
        unwrap=rules.website_property,
        rename={
            "WebsiteConfiguration.RoutingRules.RoutingRuleCondition": "Condition",
            "WebsiteConfiguration.RoutingRules.RedirectRule": "Redirect",
        },
        back={
            "websiteconfiguration.routingrules.condition": "RoutingRuleCondition",
            "websiteconfiguration.routingrules.redirect": "RedirectRule",
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
