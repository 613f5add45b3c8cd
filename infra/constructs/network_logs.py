"""What crosses the network and what names are asked for, recorded twice: to look through, and to keep as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53resolver as resolver
from constructs import Construct

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_logs as logs
    from aws_cdk import aws_s3 as s3


class FlowLogs(Construct):
    """All traffic of the VPC, accepted and rejected, to a log group and to the evidence bucket."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        vpc: ec2.IVpc,
        log_group: logs.ILogGroup,
        role: iam.IRole,
        evidence: s3.IBucket,
    ) -> None:
        """Make the flow logs.

        Args:
            scope: construct above.
            id: id within it.
            vpc: what is recorded.
            log_group: where it can be looked through.
            role: role that writes to the log group.
            evidence: where it cannot be deleted; its policy lets the log delivery service write.
        """
        super().__init__(scope, id)
        what: dict[str, Any] = {
            "resource_id": vpc.vpc_id,
            "resource_type": "VPC",
            "traffic_type": "ALL",
            "max_aggregation_interval": 60,
        }
        ec2.CfnFlowLog(
            self,
            "ToLogGroup",
            log_destination_type="cloud-watch-logs",
            log_group_name=log_group.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
            **what,
        )
        ec2.CfnFlowLog(self, "ToEvidence", log_destination_type="s3", log_destination=evidence.bucket_arn, **what)


class QueryLogs(Construct):
    """Every DNS query of the VPC, to a log group and to the evidence bucket: one of each kind is allowed per VPC."""

    def __init__(
        self, scope: Construct, id: str, *, vpc: ec2.IVpc, log_group: logs.ILogGroup, evidence: s3.IBucket
    ) -> None:
        super().__init__(scope, id)
        destinations = {"LogGroup": log_group.log_group_arn, "Evidence": evidence.bucket_arn}
        for title, destination in destinations.items():
            config = resolver.CfnResolverQueryLoggingConfig(self, f"To{title}", destination_arn=destination)
            resolver.CfnResolverQueryLoggingConfigAssociation(
                self, f"{title}Association", resolver_query_log_config_id=config.attr_id, resource_id=vpc.vpc_id
            )
