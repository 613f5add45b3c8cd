"""A role that one AWS service takes on for one of our resources, with one managed policy and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

if TYPE_CHECKING:
    from collections.abc import Sequence


class ServiceRole(Construct):
    """A role for a service, guarded against the confused deputy by source account and source ARN.

    The policy is attached by the role itself, so that whoever gets the role gets it complete: services that check a
    role's rights when they are handed it (Step Functions, CloudTrail, SageMaker, Bedrock) find them there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        service: str,
        source_arn: str,
        statements: Sequence[iam.PolicyStatement],
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.policy = iam.ManagedPolicy(self, "Policy", statements=list(statements))
        self.role = iam.Role(
            self,
            "Role",
            role_name=name,
            assumed_by=iam.ServicePrincipal(
                service,
                conditions={
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                    "ArnLike": {"aws:SourceArn": source_arn},
                },
            ),
            managed_policies=[self.policy],
            max_session_duration=Duration.hours(1),
        )
