"""Whether AWS's log delivery may write to a bucket or a log group, as the policies there stand.

Services that deliver logs try this when they are set up: Resolver's query logs, flow logs. Permissions: CloudWatch
Logs user guide, "Enable logging from AWS services", read 2026-11-24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.operations import kept
from infra.local.permissions import policy_allows, service_context
from infra.local.policy_documents import parsed

if TYPE_CHECKING:
    from infra.local.policy_documents import Document

DELIVERY = "delivery.logs.amazonaws.com"


def bucket(arn: str) -> Any:
    """moto's bucket of this name, whichever account holds it, or None; the ARN may go on with a prefix."""
    from moto.s3.models import s3_backends

    name = arn.split(":::", 1)[-1].split("/", 1)[0]
    partition, account = s3_backends.bucket_accounts.get(name, ("", ""))
    return s3_backends[account][partition].buckets.get(name) if account else None


def reaches_bucket(arn: str, *, account: str, region: str, partition: str) -> bool:
    """Whether log delivery may write this account's logs under the bucket, or the prefix of it, that the ARN names."""
    found = bucket(arn)
    document = _document(getattr(found, "policy", None))
    if found is None or document is None:
        return False
    context = {**_context(account, region, partition), "s3:x-amz-acl": "bucket-owner-full-control"}
    whole = arn.split("/", 1)[0]
    written = f"{arn.rstrip('/')}/AWSLogs/{account}/log"
    return policy_allows(document, "s3:PutObject", written, context, principal=DELIVERY) and policy_allows(
        document, "s3:GetBucketAcl", whole, context, principal=DELIVERY
    )


def group_exists(arn: str, *, account: str, region: str) -> bool:
    """Whether the log group of this ARN is there, in this account and region; the ARN may end in `:*`."""
    from moto.logs.models import logs_backends

    found = logs_backends[account][region].groups.get(_group(arn))
    return found is not None and found.arn.removesuffix(":*") == arn.removesuffix(":*")


def reaches_group(arn: str, *, account: str, region: str, partition: str) -> bool:
    """Whether a resource policy of the account lets log delivery write to the log group that the ARN names."""
    from moto.logs.models import logs_backends

    backend = logs_backends[account][region]
    if not group_exists(arn, account=account, region=region):
        return False
    stream = f"arn:{partition}:logs:{region}:{account}:log-group:{_group(arn)}:log-stream:any"
    documents = [parsed(one["policyDocument"]) for one in kept(backend, "resource_policies").values()]
    context = _context(account, region, partition)
    return all(
        any(policy_allows(document, action, stream, context, principal=DELIVERY) for document in documents if document)
        for action in ("logs:CreateLogStream", "logs:PutLogEvents")
    )


def _group(arn: str) -> str:
    return arn.split(":log-group:", 1)[-1].removesuffix(":*")


def _context(account: str, region: str, partition: str) -> dict[str, str]:
    return service_context(account, f"arn:{partition}:logs:{region}:{account}:any")


def _document(policy: Any) -> Document | None:
    text = policy.decode() if isinstance(policy, bytes) else policy
    return parsed(text) if text else None
