"""Lets the enclave's auditor read evidence, in whichever account it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names, role_actions
from infra.constructs.statement import allow, by_account

if TYPE_CHECKING:
    from infra.constructs.bucket import Bucket
    from infra.settings import Enclave


def allow_auditor(bucket: Bucket, *, settings: Enclave) -> None:
    """Let the auditor role read the bucket, as far as its own policy does.

    Between accounts a role's policy alone opens nothing; the bucket's has to agree. The principal is the account and
    the role a condition, so that the policy can be there before the role.
    """
    auditor = {"ArnEquals": {"aws:PrincipalArn": names.role_arn(settings, "auditor")}}
    for sid, actions, resource in (
        ("AuditorReads", role_actions.AUDIT_EVIDENCE, bucket.objects()),
        ("AuditorSees", role_actions.AUDIT_BUCKET, bucket.arn),
    ):
        bucket.add_to_policy(
            allow(
                sid,
                actions,
                [resource],
                principal=by_account(settings.partition, settings.accounts.enclave),
                conditions=auditor,
            )
        )
