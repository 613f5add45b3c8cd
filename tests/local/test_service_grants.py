"""What a policy lets a service do, as the checks at creation read it: principals, conditions, resources, denials."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.permissions import policy_allows, service_context

ACCOUNT, SERVICE = "111122223333", "cloudtrail.amazonaws.com"
SOURCE = f"arn:aws-us-gov:cloudtrail:us-gov-west-1:{ACCOUNT}:trail/one"
BUCKET = "arn:aws-us-gov:s3:::logs"
ROOT = f"arn:aws-us-gov:iam::{ACCOUNT}:root"
GRANT: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": SERVICE},
    "Action": "s3:PutObject",
    "Resource": f"{BUCKET}/AWSLogs/{ACCOUNT}/*",
}


def allowed(*statements: dict[str, Any]) -> bool:
    context = service_context(ACCOUNT, SOURCE)
    document = {"Statement": list(statements)}
    return policy_allows(document, "s3:PutObject", f"{BUCKET}/AWSLogs/{ACCOUNT}/log", context, principal=SERVICE)


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": "*"},
        {"Principal": {"AWS": "*"}},
        {"Principal": {"Service": ["config.amazonaws.com", SERVICE]}},
        {"Principal": {"AWS": ROOT, "Service": SERVICE}},
        {"Action": "S3:putobject"},
        {"Action": ["s3:Put*"]},
        {"Resource": [f"{BUCKET}/other", f"{BUCKET}/AWSLogs/{ACCOUNT}/?og"]},
        {"Resource": f"{BUCKET}/AWSLogs/${{aws:SourceAccount}}/*"},
        {"Condition": {"StringEquals": {"AWS:SourceArn": SOURCE}}},
        {"Condition": {"ArnLike": {"aws:SourceArn": f"arn:*:cloudtrail:*:{ACCOUNT}:trail/*"}}},
        {"Condition": {"ArnEquals": {"aws:SourceArn": ["arn:aws:iam::1:x", SOURCE]}}},
        {"Condition": {"StringLikeIfExists": {"aws:SourceOrgID": "o-*"}}},
        {"Condition": {"StringNotEquals": {"aws:SourceOrgID": "o-1"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": True}}},
        {"Condition": {"ForAnyValue:StringEquals": {"aws:SourceAccount": [ACCOUNT]}}},
        {"Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}}},
        {"Condition": {"Null": {"aws:SourceArn": "false"}}},
        {"Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}},
    ],
)
def test_a_grant_may_be_written_so(changed: dict[str, Any]) -> None:
    assert allowed({**GRANT, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": {"Service": "config.amazonaws.com"}},
        {"Principal": {"AWS": ROOT}},
        {"Action": "s3:PutObjectAcl"},
        {"NotAction": "s3:*", "Action": []},
        {"Resource": f"{BUCKET}/AWSLogs/444455556666/*"},
        {"Resource": f"{BUCKET}/AWSLogs/${{aws:PrincipalAccount}}/*"},
        {"Resource": BUCKET},
        {"Condition": {"StringEquals": {"aws:SourceArn": f"{SOURCE[:-3]}*"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": "444455556666"}}},
        {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "Bool": {"aws:SecureTransport": "false"}}},
        {"Condition": {"ForAnyValue:StringEquals": {"aws:TagKeys": ["a"]}}},
        {"Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
    ],
)
def test_a_grant_does_not_cover_that(changed: dict[str, Any]) -> None:
    assert not allowed({**GRANT, **changed})


EVERYTHING = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}},
        {"StringNotEqualsIfExists": {"aws:SourceAccount": ACCOUNT}},
        {"StringNotEquals": {"aws:PrincipalServiceName": [SERVICE]}},
        {"Null": {"aws:SourceAccount": "true"}},
    ],
)
def test_a_denial_leaves_the_service_alone(condition: dict[str, Any]) -> None:
    assert allowed(GRANT, {**EVERYTHING, "Condition": condition})


@pytest.mark.parametrize(
    "denial",
    [
        EVERYTHING,
        {**EVERYTHING, "Condition": {"NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}}},
        {**EVERYTHING, "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}},
        {"Effect": "Deny", "NotPrincipal": {"AWS": ROOT}, "Action": "s3:*", "Resource": "*"},
        {"Effect": "Deny", "Principal": "*", "NotAction": "s3:Get*", "NotResource": f"{BUCKET}/x"},
    ],
)
def test_a_denial_shuts_it_out(denial: dict[str, Any]) -> None:
    assert not allowed(GRANT, denial)


def test_a_denial_of_others_than_the_service_is_none() -> None:
    assert allowed(GRANT, {"Effect": "Deny", "NotPrincipal": {"Service": SERVICE}, "Action": "*", "Resource": "*"})


@pytest.mark.parametrize("named", [ROOT, ACCOUNT, [ACCOUNT], "*"])
def test_an_account_is_named_by_its_root_or_its_number(named: object) -> None:
    document = {"Statement": {"Effect": "Allow", "Principal": {"AWS": named}, "Action": "kms:*", "Resource": "*"}}
    assert policy_allows(document, "kms:Decrypt", "arn:any", {}, principal=ROOT)
