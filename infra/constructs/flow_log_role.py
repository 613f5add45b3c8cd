"""The role flow logs write to their log group with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names
from infra.constructs.service_role import ServiceRole, acting_for
from infra.constructs.statement import allow

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.log_group import LogGroup
    from infra.constructs.role import ManagedPolicy
    from infra.settings import Enclave


class FlowLogRole(ServiceRole):
    """A role that the flow logs of this account take, to write to one log group.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, read 2026-11-24.
    """

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, boundary: ManagedPolicy, log_group: LogGroup
    ) -> None:
        super().__init__(
            scope,
            id,
            boundary=boundary,
            service="vpc-flow-logs.amazonaws.com",
            source=acting_for(settings, names.arn(settings, "ec2", "vpc-flow-log/*")),
            statements=[
                allow(
                    "WriteFlows",
                    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    [log_group.arn, log_group.streams()],
                )
            ],
        )
