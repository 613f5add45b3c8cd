"""NET-06: all traffic and DNS queries, each to an encrypted log group and to an encrypted, locked bucket."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.64.0.0/22"}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
    "Group": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}, "RetentionInDays": 30},
    },
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "ObjectLockEnabled": True,
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 7}},
            },
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {
                        "ServerSideEncryptionByDefault": {
                            "SSEAlgorithm": "aws:kms",
                            "KMSMasterKeyID": {"Fn::GetAtt": ["Key", "Arn"]},
                        }
                    }
                ]
            },
        },
    },
    "FlowLog": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": {"Ref": "Vpc"},
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestination": {"Fn::GetAtt": ["Group", "Arn"]},
        },
    },
    "FlowRecord": {
        "Type": "AWS::EC2::FlowLog",
        "Properties": {
            "ResourceId": {"Ref": "Vpc"},
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": {"Fn::GetAtt": ["Bucket", "Arn"]},
        },
    },
    "QueryLog": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "Properties": {"DestinationArn": {"Fn::GetAtt": ["Group", "Arn"]}},
    },
    "Logged": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "Properties": {"ResolverQueryLogConfigId": {"Ref": "QueryLog"}, "ResourceId": {"Ref": "Vpc"}},
    },
    "QueryRecord": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "Properties": {"DestinationArn": {"Fn::GetAtt": ["Bucket", "Arn"]}},
    },
    "Recorded": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "Properties": {"ResolverQueryLogConfigId": {"Ref": "QueryRecord"}, "ResourceId": {"Ref": "Vpc"}},
    },
}
PLAIN_GROUP = {"Type": "AWS::Logs::LogGroup", "Properties": {}}
SECOND_LOG = {
    "Type": "AWS::EC2::FlowLog",
    "Properties": {
        "ResourceId": {"Ref": "Vpc"},
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": {"Ref": "Plain"},
    },
}
ELSEWHERE = "arn:aws-us-gov:logs:us-gov-west-1:444455556666:log-group:x"
BYPASSES = {
    "only rejects recorded": {"FlowLog.Properties.TrafficType": "REJECT"},
    "only accepts recorded": {"FlowLog.Properties.TrafficType": "ACCEPT"},
    "records that say nothing": {"FlowLog.Properties.LogFormat": "${version} ${log-status}"},
    "no traffic type": {"FlowLog.Properties.TrafficType": None},
    "no flow log": {"FlowLog": None, "FlowRecord": None},
    "no flow log in the bucket": {"FlowRecord": None},
    "no flow log in a log group": {"FlowLog": None},
    "only rejects recorded in the bucket": {"FlowRecord.Properties.TrafficType": "REJECT"},
    "flow log of a subnet": {
        "FlowLog.Properties.ResourceId": "subnet-0123",
        "FlowLog.Properties.ResourceType": "Subnet",
    },
    "second VPC not recorded": {"Second": GOOD["Vpc"]},
    "log group without key": {"Group.Properties.KmsKeyId": None},
    "log group without retention": {"Group.Properties.RetentionInDays": None},
    "log group with a short retention": {"Group.Properties.RetentionInDays": 7},
    "flow log elsewhere": {
        "FlowLog.Properties.LogDestination": "arn:aws-us-gov:logs:us-gov-west-1:444455556666:log-group:x"
    },
    "second flow log to a plain group": {"Plain": PLAIN_GROUP, "SecondLog": SECOND_LOG},
    "queries not recorded": {"Logged": None},
    "queries not recorded in the bucket": {"Recorded": None},
    "query log gone": {"QueryLog": None, "Logged": None},
    "query log to a plain group": {
        "Plain": PLAIN_GROUP,
        "QueryLog.Properties.DestinationArn": {"Fn::GetAtt": ["Plain", "Arn"]},
    },
    "bucket without key": {"Bucket.Properties.BucketEncryption": None},
    "bucket without retention": {"Bucket.Properties.ObjectLockConfiguration": None},
    "flow log under a false condition": {"FlowLog.Condition": "Never"},
}
UNKNOWN = {
    "traffic type from a parameter": {"FlowLog.Properties.TrafficType": {"Ref": "Anything"}},
    "destination from a parameter": {"FlowLog.Properties.LogDestination": {"Ref": "Anything"}},
    "retention from a parameter": {"Group.Properties.RetentionInDays": {"Ref": "Anything"}},
    "perhaps recorded": {"FlowLog.Condition": "Perhaps"},
}
HARMLESS = {
    "a format of one's own": {
        "FlowLog.Properties.LogFormat": "${srcaddr} ${dstaddr} ${dstport} ${protocol} ${action} ${flow-direction}"
    },
    "by the group's name": {
        "FlowLog.Properties.LogDestination": None,
        "FlowLog.Properties.LogGroupName": {"Ref": "Group"},
    },
    "under a prefix of the bucket": {
        "FlowRecord.Properties.LogDestination": {"Fn::Sub": "${Bucket.Arn}/flow"},
    },
    "rejects once more": {
        "Again": {
            **GOOD["FlowLog"],
            "Properties": {**GOOD["FlowLog"]["Properties"], "TrafficType": "REJECT"},
        }
    },
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}, "Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
