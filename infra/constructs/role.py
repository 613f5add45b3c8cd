"""Roles and managed policies: every role under the permissions boundary, every policy one that can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from infra.constructs.statement import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from infra.constructs.statement import Statement

SESSION_SECONDS = 3600


class ManagedPolicy(iam.CfnManagedPolicy):
    """A customer-managed policy with a name of CloudFormation's."""

    def __init__(
        self, scope: Construct, id: str, *, statements: Iterable[Statement], description: str | None = None
    ) -> None:
        self.document = document(statements)
        super().__init__(scope, id, description=description, policy_document=self.document)
        self.arn = self.ref


class Role(iam.CfnRole):
    """A role with sessions of an hour at most; what it may do stands in managed policies alone."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        boundary: ManagedPolicy,
        trust: Statement,
        policies: Sequence[ManagedPolicy],
        name: str | None = None,
        description: str | None = None,
    ) -> None:
        """Make the role.

        Args:
            scope: construct above.
            id: id within it.
            boundary: the enclave's permissions boundary.
            trust: who may take the role on, and when.
            policies: all that it may do, within the boundary.
            name: physical name, where a policy must name the role before it exists.
            description: what it is for, in a sentence.
        """
        super().__init__(
            scope,
            id,
            role_name=name,
            description=description,
            assume_role_policy_document=document([trust]),
            managed_policy_arns=[policy.arn for policy in policies],
            max_session_duration=SESSION_SECONDS,
            permissions_boundary=boundary.arn,
        )
        self.arn = self.attr_arn
