"""Lets the enclave's auditor read evidence, in whichever account it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.constructs import names, role_actions

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

    from infra.settings import Enclave


def allow_auditor(bucket: s3.Bucket, *, settings: Enclave) -> None:
    """Let the auditor role read the bucket, as far as its own policy does.

    Between accounts a role's policy alone opens nothing; the bucket's has to agree. The principal is the account and
    the role a condition, so that the policy can be there before the role.
    """
    auditor = {"ArnEquals": {"aws:PrincipalArn": names.role_arn(settings, "auditor")}}
    for sid, actions, resource in (
        ("AuditorReads", role_actions.AUDIT_EVIDENCE, bucket.arn_for_objects("*")),
        ("AuditorSees", role_actions.AUDIT_BUCKET, bucket.bucket_arn),
    ):
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                principals=[iam.AccountPrincipal(settings.accounts.enclave)],
                actions=list(actions),
                resources=[resource],
                conditions=auditor,
            )
        )
