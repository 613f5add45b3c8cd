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
        source_arn: str | None,
        statements: Sequence[iam.PolicyStatement],
        name: str | None = None,
    ) -> None:
        """Make the role.

        Args:
            scope: construct above.
            id: id within it.
            service: service principal.
            source_arn: ARN, or its pattern, of what the service acts for; None where only its account can be told.
            statements: all that the role may do.
            name: physical name, where a policy must name the role before it exists.
        """
        super().__init__(scope, id)
        source = {"ArnLike": {"aws:SourceArn": source_arn}} if source_arn else {}
        self.policy = iam.ManagedPolicy(self, "Policy", statements=list(statements))
        self.role = iam.Role(
            self,
            "Role",
            role_name=name,
            assumed_by=iam.ServicePrincipal(
                service,
                conditions={
                    "StringEquals": {"aws:SourceAccount": Stack.of(self).account},
                    **source,
                },
            ),
            managed_policies=[self.policy],
            max_session_duration=Duration.hours(1),
        )
