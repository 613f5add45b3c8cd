"""SUP-02: an image and weights by digest, in a bucket where nothing can take their place."""

from __future__ import annotations

from typing import Any

HEX = "ab" * 32
REPOSITORY = "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/vllm"
OBJECTS = {"Fn::Sub": "${Bucket.Arn}/*"}
FREE_KEY_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": OBJECTS,
    "Condition": {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}},
}
NO_DELETION = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject", "Resource": OBJECTS}
GOOD: dict[str, Any] = {
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "Policy": {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": {"Statement": [FREE_KEY_ONLY, NO_DELETION]}},
    },
    "Model": {
        "Type": "AWS::SageMaker::Model",
        "Properties": {
            "PrimaryContainer": {
                "Image": f"{REPOSITORY}@sha256:{HEX}",
                "ModelDataSource": {
                    "S3DataSource": {"S3Uri": {"Fn::Sub": f"s3://${{Bucket}}/sha256/{HEX}/model.tar.gz"}}
                },
            }
        },
    },
    "Repository": {"Type": "AWS::ECR::Repository", "Properties": {"ImageTagMutability": "IMMUTABLE"}},
}
STATEMENT = "Policy.Properties.PolicyDocument.Statement"
CONTAINER = "Model.Properties.PrimaryContainer"
URI = f"{CONTAINER}.ModelDataSource.S3DataSource.S3Uri"
BYPASSES = {
    "mutable tag": {f"{CONTAINER}.Image": f"{REPOSITORY}:latest"},
    "digest cut short": {f"{CONTAINER}.Image": f"{REPOSITORY}@sha256:{HEX[:-1]}"},
    "weights by name": {URI: {"Fn::Sub": "s3://${Bucket}/models/latest.tar.gz"}},
    "weights elsewhere": {URI: f"s3://elsewhere/sha256/{HEX}/model.tar.gz"},
    "overwrite allowed": {f"{STATEMENT}.0": None},
    "overwrite allowed to some": {f"{STATEMENT}.0.Principal": {"AWS": "111122223333"}},
    "overwrite of some objects": {f"{STATEMENT}.0.Resource": {"Fn::Sub": "${Bucket.Arn}/sha256/0*"}},
    "overwrite under a condition": {f"{STATEMENT}.0.Condition.StringEquals": {"aws:PrincipalTag/team": "red"}},
    "deletion allowed, which frees the key": {f"{STATEMENT}.1": None},
    "deletion allowed to a service": {f"{STATEMENT}.1.Principal": {"AWS": "111122223333"}},
    "no policy": {"Policy": None},
    "expiry, which frees the key": {
        "Bucket.Properties.LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 90}]}
    },
    "tags can be moved": {"Repository.Properties.ImageTagMutability": "MUTABLE"},
    "mutability dropped": {"Repository.Properties.ImageTagMutability": None},
    "second model by tag": {
        "Second": {"Type": "AWS::SageMaker::Model", "Properties": {"PrimaryContainer": {"Image": "vllm:latest"}}}
    },
    "declared and not there": {"Model": None},
}
UNKNOWN = {
    "image from a parameter": {f"{CONTAINER}.Image": {"Ref": "Anything"}},
    "weights from a parameter": {URI: {"Ref": "Anything"}},
    "policy from a parameter": {"Policy.Properties.PolicyDocument": {"Ref": "Anything"}},
}
HARMLESS = {
    "broken uploads expire": {
        "Bucket.Properties.LifecycleConfiguration": {
            "Rules": [{"Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}]
        }
    },
    "both in one pattern": {f"{STATEMENT}.1.Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"]},
    "no overwrite, ever": {f"{STATEMENT}.0.Condition": {"Bool": {"s3:ObjectCreationOperation": "true"}}},
    "no repository": {"Repository": None},
    "statements the other way round": {STATEMENT: [NO_DELETION, FREE_KEY_ONLY]},
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}}
