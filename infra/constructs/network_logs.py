"""What crosses the network and what names are asked for, recorded twice: to look through, and to keep as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53resolver as resolver
from constructs import Construct

if TYPE_CHECKING:
    from infra.constructs.boundary import Boundary
    from infra.constructs.bucket import Bucket
    from infra.constructs.log_group import LogGroup
    from infra.constructs.role import Role


class FlowLogs(Construct):
    """All traffic of the VPC, accepted and rejected, to a log group and to the evidence bucket."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        boundary: Boundary,
        log_group: LogGroup,
        role: Role,
        evidence: Bucket,
    ) -> None:
        """Make the flow logs.

        Args:
            scope: construct above.
            id: id within it.
            boundary: whose VPC is recorded.
            log_group: where it can be looked through.
            role: role that writes to the log group.
            evidence: where it cannot be deleted; its policy lets the log delivery service write.
        """
        super().__init__(scope, id)
        what: dict[str, Any] = {
            "resource_id": boundary.vpc_id,
            "resource_type": "VPC",
            "traffic_type": "ALL",
            "max_aggregation_interval": 60,
        }
        ec2.CfnFlowLog(
            self,
            "ToLogGroup",
            log_destination_type="cloud-watch-logs",
            log_group_name=log_group.name,
            deliver_logs_permission_arn=role.arn,
            **what,
        )
        ec2.CfnFlowLog(self, "ToEvidence", log_destination_type="s3", log_destination=evidence.arn, **what)


class QueryLogs(Construct):
    """Every DNS query of the VPC, to a log group and to the evidence bucket: one of each kind is allowed per VPC."""

    def __init__(self, scope: Construct, id: str, *, boundary: Boundary, log_group: LogGroup, evidence: Bucket) -> None:
        super().__init__(scope, id)
        destinations = {"LogGroup": log_group.arn, "Evidence": evidence.arn}
        for title, destination in destinations.items():
            config = resolver.CfnResolverQueryLoggingConfig(self, f"To{title}", destination_arn=destination)
            resolver.CfnResolverQueryLoggingConfigAssociation(
                self, f"{title}Association", resolver_query_log_config_id=config.attr_id, resource_id=boundary.vpc_id
            )
