"""EVD-01 passes locked buckets and the unlocked target of their access logs, and sees every weaker bucket."""

from __future__ import annotations

from typing import Any

BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
GOOD: dict[str, Any] = {
    "Evidence": {
        "Type": "AWS::S3::Bucket",
        **KEPT,
        "Properties": {
            "ObjectLockEnabled": True,
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 7}},
            },
            "VersioningConfiguration": {"Status": "Enabled"},
            "PublicAccessBlockConfiguration": dict.fromkeys(BLOCKS, True),
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key"}}
                ]
            },
            "LoggingConfiguration": {"DestinationBucketName": {"Ref": "AccessLogs"}},
        },
    },
    "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {"S3BucketName": {"Ref": "Evidence"}}},
    "AccessLogs": {
        "Type": "AWS::S3::Bucket",
        **KEPT,
        "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
    },
}
NO_DELETION = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
    "Resource": {"Fn::Sub": "${AccessLogs.Arn}/*"},
}
GOOD["LogsPolicy"] = {
    "Type": "AWS::S3::BucketPolicy",
    **KEPT,
    "Properties": {"Bucket": {"Ref": "AccessLogs"}, "PolicyDocument": {"Statement": [NO_DELETION]}},
}
RETENTION = "Evidence.Properties.ObjectLockConfiguration.Rule.DefaultRetention"
PLAIN = {"Type": "AWS::S3::Bucket", **KEPT, "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}}
BYPASSES = {
    "governance": {f"{RETENTION}.Mode": "GOVERNANCE"},
    "short retention": {f"{RETENTION}.Days": 6},
    "no default retention": {"Evidence.Properties.ObjectLockConfiguration.Rule": None},
    "no lock configuration": {"Evidence.Properties.ObjectLockConfiguration": None},
    "lock not enabled": {"Evidence.Properties.ObjectLockEnabled": False},
    "lock configuration not enabled": {"Evidence.Properties.ObjectLockConfiguration.ObjectLockEnabled": None},
    "public policies not blocked": {"Evidence.Properties.PublicAccessBlockConfiguration.BlockPublicPolicy": None},
    "public access to access logs": {
        "AccessLogs.Properties.PublicAccessBlockConfiguration": {**dict.fromkeys(BLOCKS, True), BLOCKS[0]: False}
    },
    "encrypted with S3's own key": {"Evidence.Properties.BucketEncryption": None},
    "lock absent": {"Evidence.Properties.ObjectLockEnabled": None},
    "versioning suspended": {"Evidence.Properties.VersioningConfiguration.Status": "Suspended"},
    "versioning absent": {"Evidence.Properties.VersioningConfiguration": None},
    "deleted with its stack": {"Evidence.DeletionPolicy": "Delete"},
    "deletion policy dropped": {"Evidence.DeletionPolicy": None},
    "deleted when replaced": {"Evidence.UpdateReplacePolicy": "Delete"},
    "retained except on create": {
        "Evidence.DeletionPolicy": "RetainExceptOnCreate",
        "Evidence.UpdateReplacePolicy": "Delete",
    },
    "second bucket without lock": {"Second": PLAIN},
    "access logs without a policy": {"LogsPolicy": None},
    "versions of access logs can be deleted": {
        "LogsPolicy.Properties.PolicyDocument.Statement.0.Action": ["s3:DeleteObject"]
    },
    "access logs not retained": {"AccessLogs.DeletionPolicy": "Delete"},
    "evidence passed off as access-log target": {
        "Evidence.Properties.ObjectLockEnabled": None,
        "AccessLogs.Properties.LoggingConfiguration": {"DestinationBucketName": {"Ref": "Evidence"}},
    },
    "trail to a bucket of somebody else": {"Trail.Properties.S3BucketName": "another-bucket"},
    "trail to the access-log target": {"Trail.Properties.S3BucketName": {"Ref": "AccessLogs"}},
    "flow log to the access-log target": {
        "FlowLog": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {"LogDestinationType": "s3", "LogDestination": {"Fn::GetAtt": ["AccessLogs", "Arn"]}},
        }
    },
    "no bucket at all": {"Evidence": None, "AccessLogs": None, "Trail": None, "LogsPolicy": None},
}
UNKNOWN = {
    "days from a parameter": {f"{RETENTION}.Days": {"Ref": "Days"}},
    "lock by an undecided condition": {"Evidence.Properties.ObjectLockEnabled": {"Fn::If": ["Perhaps", True, False]}},
    "bucket there perhaps": {"Evidence.Condition": "Perhaps"},
}
HARMLESS = {
    "public access blocked as AWS does by default": {"Evidence.Properties.PublicAccessBlockConfiguration": None},
    "longer, in years": {f"{RETENTION}.Days": None, f"{RETENTION}.Years": 1},
    "numbers as text": {f"{RETENTION}.Days": "7", "Evidence.Properties.ObjectLockEnabled": "true"},
    "same either way": {"Evidence.Properties.ObjectLockEnabled": {"Fn::If": ["Perhaps", True, True]}},
}
SECTIONS = {
    "Parameters": {"Days": {"Type": "Number"}},
    "Conditions": {"Perhaps": {"Fn::Equals": [{"Ref": "Days"}, "7"]}},
}
