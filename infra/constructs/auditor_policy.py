"""What the auditor may do: read evidence and invocation records, and see that they are protected. Nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import role_actions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3


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
        buckets: Sequence[s3.IBucket],
        key_arns: Sequence[str],
        invocation_log: logs.ILogGroup,
    ) -> None:
        """Make the policy.

        Args:
            scope: construct above.
            id: id within it.
            buckets: buckets whose objects are evidence.
            key_arns: ARNs of the keys (not of aliases) that encrypt them.
            invocation_log: log group that Bedrock writes invocations to.
        """
        super().__init__(scope, id)
        stack = Stack.of(self)
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
                    sid="DecryptEvidence",
                    actions=list(role_actions.READ_KEY),
                    resources=list(key_arns),
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
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
