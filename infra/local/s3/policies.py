"""What S3 refuses in a bucket policy and an access control list."""

from __future__ import annotations

from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.utils import bucket_policy_is_public

from infra.local.policy_documents import entries, parsed, statements
from infra.local.rules import s3_bucket_policy


def check(bucket: Any, policy: bytes) -> None:
    """Raise what PutBucketPolicy answers to a policy that is malformed or not for this bucket."""
    document = parsed(policy.decode())
    if document is None or not statements(document):
        _malformed("Policies must be valid JSON and the first byte must be '{'")
    assert document is not None
    s3_bucket_policy.size(policy)
    if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        _malformed(f"The policy must contain a valid version string, got {document['Version']}")
    for statement in statements(document):
        _check_statement(bucket, statement)
    s3_bucket_policy.principals(document, bucket.partition)
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
    if not entries(statement, "Resource") and not entries(statement, "NotResource"):
        _malformed("Missing required field Resource")
    s3_bucket_policy.resources(bucket, statement)
    if "NotResource" not in statement:
        exact = [action for action in actions if "*" not in action and "?" not in action]
        if len(s3_bucket_policy.known_actions(actions)) < len(exact):
            _malformed("Policy has invalid action")
        s3_bucket_policy.actions_of_resources(statement)
        s3_bucket_policy.conditions_of_actions(statement)


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _malformed(message: str) -> None:
    raise S3ClientError("MalformedPolicy", message)
