"""Lets the enclave's auditor read evidence, in whichever account it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names, role_actions
from infra.constructs.statement import allow, by_account

if TYPE_CHECKING:
    from infra.constructs.bucket import Clause
    from infra.constructs.statement import Conditions
    from infra.settings import Enclave


def auditor_reads(settings: Enclave) -> Clause:
    """What the auditor role needs to read a bucket, as far as its own policy lets it.

    Between accounts a role's policy alone opens nothing; the bucket's has to agree. The principal is the account and
    the role a condition, so that the policy can be there before the role.
    """
    owner = by_account(settings.partition, settings.accounts.enclave)
    auditor: Conditions = {"ArnEquals": {"aws:PrincipalArn": names.role_arn(settings, "auditor")}}
    return lambda bucket: [
        allow("AuditorReads", role_actions.AUDIT_EVIDENCE, [bucket.objects()], principal=owner, conditions=auditor),
        allow("AuditorSees", role_actions.AUDIT_BUCKET, [bucket.arn], principal=owner, conditions=auditor),
    ]
