"""A role that one AWS service takes on for one of our resources, with one managed policy and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.role import ManagedPolicy, Role
from infra.constructs.statement import by_service, trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.statement import Conditions, Statement
    from infra.settings import Enclave


class ServiceRole(Role):
    """A role for a service, under conditions on what it acts for.

    The policy is attached by the role itself, so that whoever gets the role gets it complete: services that check a
    role's rights when they are handed it (Step Functions, CloudTrail, SageMaker, Bedrock) find them there.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        boundary: ManagedPolicy,
        service: str,
        source: Conditions,
        statements: Sequence[Statement],
        name: str | None = None,
    ) -> None:
        """Make the role.

        Args:
            scope: construct above.
            id: id within it.
            boundary: the enclave's permissions boundary.
            service: service principal.
            source: conditions on what the service acts for, such as `acting_for` gives.
            statements: all that the role may do.
            name: physical name, where a policy must name the role before it exists.
        """
        super().__init__(
            scope,
            id,
            boundary=boundary,
            name=name,
            trust=trust(by_service(service), ["sts:AssumeRole"], source),
            policies=[ManagedPolicy(scope, f"{id}Policy", statements=statements)],
        )


def acting_for(settings: Enclave, source_arn: str | None) -> Conditions:
    """Conditions against the confused deputy: the source's account and, where it can be told, its ARN or a pattern."""
    source = {"ArnLike": {"aws:SourceArn": source_arn}} if source_arn else {}
    return {"StringEquals": {"aws:SourceAccount": settings.accounts.enclave}, **source}
