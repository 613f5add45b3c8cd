"""EVD-02: a bucket policy that refuses shorter locks, locks that can be bypassed, and a shorter default."""

from __future__ import annotations

from typing import Any

OBJECTS = {"Fn::Sub": "${Evidence.Arn}/*"}
SHORT = {"NumericLessThan": {"s3:object-lock-remaining-retention-days": 7}}


def deny(actions: Any, resource: Any, condition: dict[str, Any], principal: Any = "*") -> dict[str, Any]:
    return {
        "Effect": "Deny",
        "Principal": principal,
        "Action": actions,
        "Resource": resource,
        "Condition": condition,
    }


LOCKS = ["s3:PutObject", "s3:PutObjectRetention"]
NO_SHORTER = deny(LOCKS, OBJECTS, SHORT)
NO_GOVERNANCE = deny(LOCKS, OBJECTS, {"StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}})
SETTINGS = deny(
    ["s3:PutBucketObjectLockConfiguration"],
    {"Fn::GetAtt": ["Evidence", "Arn"]},
    {"ArnNotEquals": {"aws:PrincipalArn": "arn:aws-us-gov:iam::111122223333:role/cdk-exec"}},
)
GOOD: dict[str, Any] = {
    "Evidence": {"Type": "AWS::S3::Bucket", "Properties": {"ObjectLockEnabled": True}},
    "Policy": {
        "Type": "AWS::S3::BucketPolicy",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {
            "Bucket": {"Ref": "Evidence"},
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [NO_SHORTER, NO_GOVERNANCE, SETTINGS]},
        },
    },
}
FIRST = "Policy.Properties.PolicyDocument.Statement.0"
MODE = "Policy.Properties.PolicyDocument.Statement.1"
LAST = "Policy.Properties.PolicyDocument.Statement.2"
BYPASSES = {
    "condition absent, statement too": {FIRST: None},
    "policy goes with its stack": {"Policy.DeletionPolicy": None},
    "policy goes when replaced": {"Policy.UpdateReplacePolicy": "Delete"},
    "policy gone": {"Policy": None},
    "policy of another bucket": {
        "Other": {"Type": "AWS::S3::Bucket", "Properties": {}},
        "Policy.Properties.Bucket": {"Ref": "Other"},
    },
    "second locked bucket without policy": {"Second": GOOD["Evidence"]},
    "shorter minimum": {f"{FIRST}.Condition.NumericLessThan.s3:object-lock-remaining-retention-days": 6},
    "equals in place of less than": {
        f"{FIRST}.Condition": {"NumericEquals": {"s3:object-lock-remaining-retention-days": 6}}
    },
    "greater than": {f"{FIRST}.Condition": {"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": 7}}},
    "allow in place of deny": {f"{FIRST}.Effect": "Allow"},
    "retention left out": {f"{FIRST}.Action": "s3:PutObject"},
    "upload left out": {f"{FIRST}.Action": "s3:PutObjectRetention"},
    "some objects only": {f"{FIRST}.Resource": {"Fn::Sub": "${Evidence.Arn}/AWSLogs/*"}},
    "objects of a like name": {f"{FIRST}.Resource": {"Fn::Sub": "${Evidence.Arn}-other/*"}},
    "one principal only": {f"{FIRST}.Principal": {"AWS": "arn:aws-us-gov:iam::111122223333:role/workload"}},
    "services only": {f"{FIRST}.Principal": {"Service": "*"}},
    "one principal left out": {
        f"{FIRST}.Principal": None,
        f"{FIRST}.NotPrincipal": {"AWS": "arn:aws-us-gov:iam::111122223333:role/admin"},
    },
    "some objects left out": {f"{FIRST}.Resource": None, f"{FIRST}.NotResource": {"Fn::Sub": "${Evidence.Arn}/tmp/*"}},
    "one more condition": {f"{FIRST}.Condition.StringEquals": {"aws:PrincipalTag/team": "red"}},
    "governance allowed": {MODE: None},
    "default may be lowered": {LAST: None},
    "default may be lowered by any role": {
        f"{LAST}.Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws-us-gov:iam::111122223333:role/*"}}
    },
    "default may be lowered without a condition key": {
        f"{LAST}.Condition": {"StringEquals": {"aws:PrincipalTag/team": "red"}}
    },
}
UNKNOWN = {
    "minimum from a parameter": {
        f"{FIRST}.Condition.NumericLessThan.s3:object-lock-remaining-retention-days": {"Ref": "Anything"}
    },
    "policy from a parameter": {"Policy.Properties.PolicyDocument": {"Ref": "Anything"}},
    "two policies": {"Again": GOOD["Policy"]},
}
HARMLESS = {
    "higher minimum": {f"{FIRST}.Condition.NumericLessThan.s3:object-lock-remaining-retention-days": "30"},
    "at most a day less": {
        f"{FIRST}.Condition": {"NumericLessThanEquals": {"s3:object-lock-remaining-retention-days": 6}}
    },
    "principal spelt out": {f"{FIRST}.Principal": {"AWS": ["*"]}},
    "actions by pattern": {f"{FIRST}.Action": "s3:Put*"},
    "two statements in place of one": {
        "Policy.Properties.PolicyDocument.Statement": [
            deny("s3:PutObject", OBJECTS, SHORT),
            deny("s3:PutObjectRetention", OBJECTS, SHORT),
            NO_GOVERNANCE,
            SETTINGS,
        ]
    },
    "bypass refused in place of the mode": {MODE: deny("s3:BypassGovernanceRetention", OBJECTS, {})},
    "all resources of the bucket": {
        f"{FIRST}.Resource": [
            {"Fn::GetAtt": ["Evidence", "Arn"]},
            {"Fn::Join": ["", [{"Fn::GetAtt": ["Evidence", "Arn"]}, "*"]]},
        ]
    },
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}}
