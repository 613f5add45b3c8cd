"""What the auditor may do: read evidence and invocation records, and see that they are protected. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import names, role_actions

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3

    from infra.settings import Enclave


class AuditorPolicy(Construct):
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
        evidence: s3.IBucket,
        evidence_key: kms.IKey,
        invocations: s3.IBucket,
        invocation_key: kms.IKey,
        invocation_log: logs.ILogGroup,
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
        super().__init__(scope, id)
        stack = Stack.of(self)
        buckets = (evidence, invocations)
        through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}}
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="read evidence and invocation records, and see that they are protected",
            statements=[
                iam.PolicyStatement(
                    sid="ReadEvidence",
                    actions=list(role_actions.AUDIT_EVIDENCE),
                    resources=[bucket.arn_for_objects("*") for bucket in buckets],
                ),
                iam.PolicyStatement(
                    sid="SeeBuckets",
                    actions=list(role_actions.AUDIT_BUCKET),
                    resources=[bucket.bucket_arn for bucket in buckets],
                ),
                iam.PolicyStatement(
                    sid="DecryptInvocations",
                    actions=list(role_actions.READ_KEY),
                    resources=[invocation_key.key_arn],
                    conditions=through_s3,
                ),
                iam.PolicyStatement(
                    sid="DecryptEvidence",
                    actions=list(role_actions.READ_KEY),
                    **_evidence_key(settings, evidence_key, through_s3),
                ),
                iam.PolicyStatement(
                    sid="ReadInvocations",
                    actions=[*role_actions.AUDIT_LOGS, *role_actions.DESCRIBE_LOGS],
                    resources=[invocation_log.log_group_arn],
                ),
                # A trail's status and events take no resource, or any trail's.
                iam.PolicyStatement(sid="SeeTrail", actions=list(role_actions.AUDIT_TRAIL), resources=["*"]),
            ],
        )


def _evidence_key(settings: Enclave, key: kms.IKey, conditions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Resource and conditions that single out the evidence key.

    IAM takes a key's ARN and no alias, and no export carries the ARN from another account: there the key is singled
    out by the alias it has (`kms:ResourceAliases`), which only the evidence account can give it.
    """
    if not names.evidence_is_elsewhere(settings):
        return {"resources": [key.key_arn], "conditions": conditions}
    alias = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": names.evidence_key_alias(settings)}}
    where = f"{settings.partition}:kms:{settings.region}:{settings.accounts.evidence}"
    return {"resources": [f"arn:{where}:key/*"], "conditions": {**conditions, **alias}}
