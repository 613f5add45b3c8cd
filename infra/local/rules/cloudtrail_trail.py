"""AWS::CloudTrail::Trail."""

from __future__ import annotations

import json
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from moto.core.exceptions import JsonRESTError

from infra.local.keys import find
from infra.local.permissions import policy_allows, role_allows, role_trusts, service_context
from infra.local.policy_documents import parsed
from infra.local.rule import rule
from infra.local.s3.settings import encryption_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SERVICE = "cloudtrail.amazonaws.com"
TYPE = "AWS::CloudTrail::Trail"
GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide"
API = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference"
VALUES_LIMIT = 500
"""Values over all selectors of a trail."""
FIELDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Management": frozenset(("eventCategory", "eventSource", "readOnly")),
        "Data": frozenset(
            (
                *("eventCategory", "eventName", "eventSource", "eventType", "readOnly", "resources.ARN"),
                *("resources.type", "sessionCredentialFromConsole", "userIdentity.arn"),
            )
        ),
        "NetworkActivity": frozenset(
            ("errorCode", "eventCategory", "eventName", "eventSource", "userIdentity.arn", "vpcEndpointId")
        ),
    }
)
"""What a trail's advanced selector may look at, by the category of events."""
EQUALS_ALONE = ("eventCategory", "readOnly", "resources.type")
BASIC_TYPES = ("AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table")
BASIC_VALUES_LIMIT = 250
A_BUCKET = re.compile(r"arn:[\w-]+:s3:::[^/]+")


@rule(
    TYPE,
    error="InsufficientS3BucketPolicyException",
    source=f"{GUIDE}/create-s3-bucket-policy-for-cloudtrail.html; aws/aws-cdk#11602 (the text); read 2026-11-24",
    raises=JsonRESTError,
)
def bucket_policy(trail: Any) -> str | None:
    """The bucket's policy lets CloudTrail read its ACL and write under the trail's prefix."""
    bucket = _bucket(trail)
    policy = parsed((bucket.policy or b"{}").decode()) or {}
    prefix = f"{trail.s3_key_prefix}/" if trail.s3_key_prefix else ""
    log = f"{bucket.arn}/{prefix}AWSLogs/{trail.account_id}/CloudTrail/log"
    context = service_context(trail.account_id, trail.arn)
    written = {**context, "s3:x-amz-acl": "bucket-owner-full-control"}
    if trail.kms_key_id:
        by_key = "s3:x-amz-server-side-encryption-aws-kms-key-id"
        written |= {"s3:x-amz-server-side-encryption": "aws:kms", by_key: trail.kms_key_id}
    if policy_allows(policy, "s3:GetBucketAcl", bucket.arn, context, principal=SERVICE) and policy_allows(
        policy, "s3:PutObject", log, written, principal=SERVICE
    ):
        return None
    return f"Incorrect S3 bucket policy is detected for bucket: {trail.bucket_name}"


@rule(
    TYPE,
    error="InsufficientEncryptionPolicyException",
    source=f"{GUIDE}/create-kms-key-policy-for-cloudtrail.html; Azure/Azure-Sentinel#12242 (the text); read 2026-11-24",
    raises=JsonRESTError,
)
def key_policy(trail: Any) -> str | None:
    """The key lets CloudTrail describe it and make data keys, and decrypt where the bucket has a bucket key."""
    if not trail.kms_key_id:
        return None
    key = find(trail.kms_key_id, trail.account_id, trail.region_name)
    context = service_context(trail.account_id, trail.arn)
    encryption = {**context, "kms:encryptioncontext:aws:cloudtrail:arn": trail.arn}
    decrypts = ("Decrypt",) if encryption_rule(_bucket(trail)).get("BucketKeyEnabled") else ()
    if all(
        policy_allows(json.loads(key.policy), f"kms:{action}", key.arn, told, principal=SERVICE)
        for action, told in (("DescribeKey", context), *((each, encryption) for each in ("GenerateDataKey", *decrypts)))
    ):
        return None
    return f"Insufficient permissions to access S3 bucket {trail.bucket_name} or KMS key {key.arn}."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsRoleArnException",
    source=f"{API}/API_CreateTrail.html; pulumi/docs#5117 (the text); read 2026-11-24",
    raises=JsonRESTError,
)
def log_role(trail: Any) -> str | None:
    """Where a log group is named, a role that writes to it is too."""
    if trail.cw_role_arn or not trail.cw_log_group_arn:
        return None
    return "You must specify a role ARN as well as a log group."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsLogGroupArnException",
    source=f"{API}/API_CreateTrail.html; hashicorp/terraform-provider-aws#18038 and cdk-preflight 1.9.1, reproduced on "
    "AWS by its authors (the texts); read 2026-11-24",
    raises=JsonRESTError,
)
def log_group(trail: Any) -> str | None:
    """The log group is there, in the trail's account and region, and its ARN ends in `:*`."""
    from moto.logs.models import logs_backends

    group = trail.cw_log_group_arn or ""
    if group.startswith("arn:") and group.split(":")[3] != trail.region_name:
        return "You must specify a log group that is in the current region"
    groups = logs_backends[trail.account_id][trail.region_name].groups.values()
    if group.endswith(":*") and any(f"{one.arn.removesuffix(':*')}:*" == group for one in groups):
        return None
    return "Check the log group ARN: CloudTrail can't validate it."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsRoleArnException",
    source=f"{API}/API_CreateTrail.html; cloudposse/terraform-aws-cloudtrail-cloudwatch-alarms#2 (the text); "
    "read 2026-11-24",
    raises=JsonRESTError,
)
def log_role_trust(trail: Any) -> str | None:
    """The role that writes to the log group is there and trusts CloudTrail."""
    # It names no source when it takes on this role, as it does to a bucket and a key; the guide's policies, 2026-11-24.
    if role_trusts(trail.cw_role_arn or "", SERVICE, {}):
        return None
    return "Access denied. Check the trust relationships for your role."


@rule(
    TYPE,
    error="InvalidCloudWatchLogsLogGroupArnException",
    source=f"{GUIDE}/cloudtrail-required-policy-for-cloudwatch-logs.html; aws/aws-cdk#1963 (the text and its error); "
    "read 2026-11-24",
    raises=JsonRESTError,
)
def log_role_permissions(trail: Any) -> str | None:
    """The role may create the trail's log stream and put events into it, by the time the trail is made."""
    streams = trail.cw_log_group_arn.removesuffix("*")
    stream = f"{streams}log-stream:{trail.account_id}_CloudTrail_{trail.region_name}"
    if all(role_allows(trail.cw_role_arn, f"logs:{action}", stream) for action in ("CreateLogStream", "PutLogEvents")):
        return None
    return "Access denied. Check the permissions for your role."


@rule(
    TYPE,
    error="InvalidEventSelectorsException",
    source=f"{API}/API_PutEventSelectors.html, {API}/API_AdvancedFieldSelector.html and {API}/API_DataResource.html; "
    "cdk-preflight 1.9.1, reproduced on AWS by its authors (the texts for basic selectors, for both kinds and for a "
    "field that its category has not; the others are inferred); read 2026-11-24",
    raises=JsonRESTError,
)
def selectors(basic: Iterable[Mapping[str, Any]], advanced: Iterable[Mapping[str, Any]]) -> str | None:
    """Basic or advanced selectors, within their numbers, each of these with one category and fields that it has."""
    if basic and advanced:
        return "You can select events by using either EventSelectors or AdvancedEventSelectors, but not both"
    if not basic and not advanced:
        return "Specify either EventSelectors or AdvancedEventSelectors."
    listed = [field.values() for one in advanced or [] for field in one["FieldSelectors"]]
    if sum(len(values) for field in listed for values in field if isinstance(values, list)) > VALUES_LIMIT:
        return f"The total number of values over all advanced event selectors exceeds {VALUES_LIMIT}."
    return _basic(basic or []) or next(filter(None, (_advanced(one["FieldSelectors"]) for one in advanced or [])), None)


def _basic(chosen: Iterable[Mapping[str, Any]]) -> str | None:
    data = [resource for one in chosen for resource in one.get("DataResources", [])]
    for resource in data:
        if resource["Type"] not in BASIC_TYPES:
            return f"Value {resource['Type']} for DataResources.Type is invalid"
        for value in resource.get("Values", []):
            if resource["Type"] == "AWS::S3::Object" and A_BUCKET.fullmatch(value):
                return f"Value {value} for DataResources.Values is invalid"
    if sum(len(resource.get("Values", [])) for resource in data) > BASIC_VALUES_LIMIT:
        return f"Specify a valid number of DataResources.Values (0 to {BASIC_VALUES_LIMIT}) for all your selectors"
    return None


def _advanced(fields: Iterable[Mapping[str, Any]]) -> str | None:
    equal = {field["Field"]: field.get("Equals", []) for field in fields}
    category = next(iter(equal.get("eventCategory", [])), "")
    if len(equal.get("eventCategory", [])) != 1 or category not in FIELDS:
        return f"eventCategory must equal exactly one of {', '.join(FIELDS)}."
    if foreign := sorted(equal.keys() - FIELDS[category]):
        return f"The following field is not allowed when the eventCategory field value equals {category}: {foreign[0]}"
    for field in fields:
        if field["Field"] in EQUALS_ALONE and field.keys() - {"Field", "Equals"}:
            return f"{field['Field']} takes the operator Equals alone."
    if category == "Data" and len(equal.get("resources.type", [])) != 1:
        return "Data events need resources.type with exactly one Equals value."
    if category == "NetworkActivity" and not equal.get("eventSource"):
        return "NetworkActivity events need eventSource with the operator Equals."
    return None


def _bucket(trail: Any) -> Any:
    from moto.s3.models import s3_backends

    return s3_backends[trail.account_id][trail.partition].get_bucket(trail.bucket_name)
