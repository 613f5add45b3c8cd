"""Roles and managed policies: every role under the permissions boundary, every policy one that can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.resource import Resource
from infra.constructs.statement import document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from infra.constructs.statement import Statement

SESSION_SECONDS = 3600


class ManagedPolicy(Resource):
    """A customer-managed policy with a name of CloudFormation's."""

    def __init__(
        self, scope: Construct, id: str, *, statements: Iterable[Statement], description: str | None = None
    ) -> None:
        super().__init__(
            scope,
            id,
            "AWS::IAM::ManagedPolicy",
            {"Description": description, "PolicyDocument": document(statements)},
        )
        self.arn = self.physical_id


class Role(Resource):
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
            "AWS::IAM::Role",
            {
                "RoleName": name,
                "Description": description,
                "AssumeRolePolicyDocument": document([trust]),
                "ManagedPolicyArns": [policy.arn for policy in policies],
                "MaxSessionDuration": SESSION_SECONDS,
                "PermissionsBoundary": boundary.arn,
            },
        )
        self.arn = self.attribute("Arn")
