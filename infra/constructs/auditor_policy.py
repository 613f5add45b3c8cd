"""What the auditor may do: read evidence and invocation records, and see that they are protected. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names, role_actions
from infra.constructs.role import ManagedPolicy
from infra.constructs.statement import EVERYTHING, allow

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.bucket import Bucket
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.log_group import EnclaveLog
    from infra.constructs.statement import Conditions, Statement
    from infra.settings import Enclave


class AuditorPolicy(ManagedPolicy):
    """A managed policy that reads the locked buckets and the invocation log, and writes nothing.

    Records are decrypted through S3 alone: the keys are of no use outside it, not even to the auditor. CloudWatch Logs
    decrypts with its own rights.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        evidence: Bucket,
        evidence_key: CustomerKey,
        invocations: Bucket,
        invocation_key: CustomerKey,
        invocation_log: EnclaveLog,
    ) -> None:
        """Make the policy.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            evidence: bucket of trail and network records, in the evidence account.
            evidence_key: key that encrypts it.
            invocations: bucket of what models were asked and answered.
            invocation_key: key that encrypts it.
            invocation_log: log group of the same.
        """
        buckets = (evidence, invocations)
        through_s3 = {"StringEquals": {"kms:ViaService": names.host(settings, "s3")}}
        super().__init__(
            scope,
            id,
            description="read evidence and invocation records, and see that they are protected",
            statements=[
                allow("ReadEvidence", role_actions.AUDIT_EVIDENCE, [bucket.objects() for bucket in buckets]),
                allow("SeeBuckets", role_actions.AUDIT_BUCKET, [bucket.arn for bucket in buckets]),
                allow("DecryptInvocations", role_actions.READ_KEY, [invocation_key.arn], conditions=through_s3),
                _decrypt_evidence(settings, evidence_key, through_s3),
                allow(
                    "ReadInvocations",
                    [*role_actions.AUDIT_LOGS, *role_actions.DESCRIBE_LOGS],
                    [invocation_log.arn],
                ),
                # A trail's status and events take no resource, or any trail's.
                allow("SeeTrail", role_actions.AUDIT_TRAIL, EVERYTHING),
            ],
        )


def _decrypt_evidence(settings: Enclave, key: CustomerKey, conditions: Conditions) -> Statement:
    """Use of the evidence key.

    IAM takes a key's ARN and no alias, and no export carries the ARN from another account: there the key is singled
    out by the alias it has (`kms:ResourceAliases`), which only the evidence account can give it.
    """
    if not names.evidence_is_elsewhere(settings):
        return allow("DecryptEvidence", role_actions.READ_KEY, [key.arn], conditions=conditions)
    alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.evidence_key_alias(settings)}}
    keys = f"arn:{settings.partition}:kms:{settings.region}:{settings.accounts.evidence}:key/*"
    return allow("DecryptEvidence", role_actions.READ_KEY, [keys], conditions={**conditions, **alias})
