"""The role flow logs write to their log group with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.service_role import ServiceRole

if TYPE_CHECKING:
    from infra.constructs.enclave_log import EnclaveLog
    from infra.settings import Enclave


class FlowLogRole(Construct):
    """A role that the flow logs of this account take, to write to one log group.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, read 2026-11-24.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, log_group: EnclaveLog) -> None:
        super().__init__(scope, id)
        where = f"arn:{settings.partition}:ec2:{settings.region}:{settings.accounts.enclave}"
        self.role = ServiceRole(
            self,
            "Flow",
            service="vpc-flow-logs.amazonaws.com",
            source_arn=f"{where}:vpc-flow-log/*",
            statements=[
                iam.PolicyStatement(
                    sid="WriteFlows",
                    actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                    resources=[log_group.log_group_arn, log_group.streams()],
                )
            ],
        ).role
