"""EVD-07: a flow log and a query log to a bucket and to a log group, a trail, access logs, each let in."""

from __future__ import annotations

from typing import Any

ACCOUNT, REGION = "111122223333", "us-gov-west-1"
DELIVERY = "delivery.logs.amazonaws.com"
TRAIL = f"arn:aws-us-gov:cloudtrail:{REGION}:{ACCOUNT}:trail/records"


def allow(service: str, *actions: str, resource: Any = "*", **conditions: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": resource,
        **({"Condition": conditions} if conditions else {}),
    }


def role(service: str, *actions: str) -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    document = {
        "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": {"Fn::GetAtt": ["Group", "Arn"]}}]
    }
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Statement": [trust]},
            "Policies": [{"PolicyName": "write", "PolicyDocument": document}],
        },
    }


def of_vpc(**properties: Any) -> dict[str, Any]:
    whose = {"ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "ALL"}
    return {"Type": "AWS::EC2::FlowLog", "Properties": {**whose, **properties}}


WRITE = ("logs:CreateLogStream", "logs:PutLogEvents")
USE = ("kms:GenerateDataKey*", "kms:Decrypt")
SOURCE = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
OBJECTS = {"Fn::Sub": f"${{Bucket.Arn}}/AWSLogs/{ACCOUNT}/*"}
GOOD: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.64.0.0/22"}},
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {
            "KeyPolicy": {
                "Statement": [
                    allow(DELIVERY, *USE, **SOURCE),
                    allow("cloudtrail.amazonaws.com", *USE, StringEquals={"aws:SourceArn": TRAIL}),
                    allow(f"logs.{REGION}.amazonaws.com", *USE),
                ]
            }
        },
    },
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
    "Targets": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "TargetsPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Targets"},
            "PolicyDocument": {
                "Statement": [
                    allow("logging.s3.amazonaws.com", "s3:PutObject", resource={"Fn::Sub": "${Targets.Arn}/records/*"})
                ]
            },
        },
    },
    "Bucket": {
        "Type": "AWS::S3::Bucket",
        "Properties": {
            "LoggingConfiguration": {"DestinationBucketName": {"Ref": "Targets"}, "LogFilePrefix": "records/"},
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
    "BucketPolicy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {
            "Bucket": {"Ref": "Bucket"},
            "PolicyDocument": {
                "Statement": [
                    allow(DELIVERY, "s3:GetBucketAcl", resource={"Fn::GetAtt": ["Bucket", "Arn"]}, **SOURCE),
                    allow(
                        DELIVERY,
                        "s3:PutObject",
                        resource=OBJECTS,
                        StringEqualsIfExists={"s3:x-amz-acl": "bucket-owner-full-control"},
                    ),
                    allow("cloudtrail.amazonaws.com", "s3:GetBucketAcl", resource={"Fn::GetAtt": ["Bucket", "Arn"]}),
                    allow(
                        "cloudtrail.amazonaws.com",
                        "s3:PutObject",
                        resource=OBJECTS,
                        StringEquals={"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": TRAIL},
                    ),
                ]
            },
        },
    },
    "FlowRole": role("vpc-flow-logs.amazonaws.com", *WRITE),
    "FlowLog": of_vpc(
        LogDestination={"Fn::GetAtt": ["Group", "Arn"]}, DeliverLogsPermissionArn={"Fn::GetAtt": ["FlowRole", "Arn"]}
    ),
    "FlowRecord": of_vpc(LogDestinationType="s3", LogDestination={"Fn::GetAtt": ["Bucket", "Arn"]}),
    "LogPolicy": {
        "Type": "AWS::Logs::ResourcePolicy",
        "Properties": {"PolicyName": "delivery", "PolicyDocument": {"Statement": [allow(DELIVERY, *WRITE, **SOURCE)]}},
    },
    "QueryLog": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "Properties": {"DestinationArn": {"Fn::GetAtt": ["Group", "Arn"]}},
    },
    "TrailRole": role("cloudtrail.amazonaws.com", *WRITE),
    "Trail": {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {
            "TrailName": "records",
            "IsLogging": True,
            "S3BucketName": {"Ref": "Bucket"},
            "KMSKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["Group", "Arn"]},
            "CloudWatchLogsRoleArn": {"Fn::GetAtt": ["TrailRole", "Arn"]},
        },
    },
}
POLICY = "BucketPolicy.Properties.PolicyDocument.Statement"
KEY = "Key.Properties.KeyPolicy.Statement"
TRUST = "Properties.AssumeRolePolicyDocument.Statement.0"
ALLOWED = "Properties.Policies.0.PolicyDocument.Statement.0"
TARGET = "Targets.Properties"
KMS = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}]}
BYPASSES = {
    "no policy, so that AWS would write one of its own": {"BucketPolicy": None},
    "a policy that AWS would write over": {f"{POLICY}.1": None},
    "a condition on an ACL that is not sent": {
        f"{POLICY}.1.Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    },
    "objects of another account only": {f"{POLICY}.1.Resource": {"Fn::Sub": "${Bucket.Arn}/AWSLogs/444455556666/*"}},
    "log delivery denied": {f"{POLICY}.1.Effect": "Deny"},
    "the bucket's ACL not to be read": {f"{POLICY}.0": None},
    "the bucket's key refuses log delivery": {f"{KEY}.0": None},
    "the bucket's key disabled": {"Key.Properties.Enabled": False},
    "the bucket's key is AWS's own": {"Bucket.Properties.BucketEncryption": KMS},
    "a role that flow logs may not take": {f"FlowRole.{TRUST}.Principal": {"Service": "ec2.amazonaws.com"}},
    "a role that only one flow log may take": {
        f"FlowRole.{TRUST}.Condition": {
            "ArnLike": {"aws:SourceArn": f"arn:aws-us-gov:ec2:{REGION}:{ACCOUNT}:vpc-flow-log/fl-0123"}
        }
    },
    "a role that may not write": {f"FlowRole.{ALLOWED}.Action": ["logs:CreateLogStream"]},
    "a role that may write elsewhere": {f"FlowRole.{ALLOWED}.Resource": "arn:aws-us-gov:logs:*:*:log-group:x:*"},
    "a boundary that forbids it": {
        "Ceiling": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}},
        },
        "FlowRole.Properties.PermissionsBoundary": {"Ref": "Ceiling"},
    },
    "the log group's key refuses CloudWatch Logs": {f"{KEY}.2": None},
    "no resource policy for query logs": {"LogPolicy": None},
    "a resource policy for another service": {
        "LogPolicy.Properties.PolicyDocument.Statement.0.Principal": {"Service": "es.amazonaws.com"}
    },
    "the trail's key refuses it": {f"{KEY}.1": None},
    "the trail may not write": {f"{POLICY}.3": None},
    "another trail may write": {
        f"{POLICY}.3.Condition.StringEquals": {"aws:SourceArn": f"{TRAIL}-other"},
    },
    "a trail's role under a condition it does not meet": {
        f"TrailRole.{TRUST}.Condition": {"StringEquals": {"aws:SourceArn": TRAIL}}
    },
    "access logs let in by nobody": {"TargetsPolicy": None},
    "access logs under another prefix": {"Bucket.Properties.LoggingConfiguration.LogFilePrefix": "other/"},
    "access logs under a KMS key": {f"{TARGET}.BucketEncryption": KMS},
    "access logs where objects may be locked": {f"{TARGET}.ObjectLockEnabled": True},
}
UNKNOWN = {
    "destination from a parameter": {"FlowRecord.Properties.LogDestination": {"Ref": "Anything"}},
    "destination elsewhere": {
        "FlowLog.Properties.LogDestination": f"arn:aws-us-gov:logs:{REGION}:444455556666:log-group:x:*"
    },
    "role not read": {"FlowLog.Properties.DeliverLogsPermissionArn": f"arn:aws-us-gov:iam::{ACCOUNT}:role/somebody"},
    "key not read": {"Group.Properties.KmsKeyId": f"arn:aws-us-gov:kms:{REGION}:444455556666:key/x"},
    "policy there perhaps": {"BucketPolicy.Condition": "Perhaps"},
    "prefix of a trail from a parameter": {"Trail.Properties.S3KeyPrefix": {"Ref": "Anything"}},
    "prefix of access logs from a parameter": {
        "Bucket.Properties.LoggingConfiguration.LogFilePrefix": {"Ref": "Anything"}
    },
    "target of access logs elsewhere": {"Bucket.Properties.LoggingConfiguration.DestinationBucketName": "elsewhere"},
}
HARMLESS = {
    "no condition on an ACL": {f"{POLICY}.1.Condition": SOURCE},
    "under a prefix": {
        "FlowRecord.Properties.LogDestination": {"Fn::Sub": "${Bucket.Arn}/flow"},
        f"{POLICY}.1.Resource": {"Fn::Sub": "${Bucket.Arn}/*"},
    },
    "a trail without a log group": {
        "Trail.Properties.CloudWatchLogsLogGroupArn": None,
        "Trail.Properties.CloudWatchLogsRoleArn": None,
    },
    "a bucket without a key of its own": {"Bucket.Properties.BucketEncryption": None},
    "a log group without a key": {"Group.Properties.KmsKeyId": None},
    "a bucket without access logs": {"Bucket.Properties.LoggingConfiguration": None},
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
