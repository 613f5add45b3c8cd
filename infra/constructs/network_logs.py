"""What crosses the network and what names are asked for, recorded twice: to look through, and to keep as evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from infra.constructs.resource import Resource

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
            "ResourceId": boundary.vpc_id,
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "MaxAggregationInterval": 60,
        }
        Resource(
            self,
            "ToLogGroup",
            "AWS::EC2::FlowLog",
            {
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": log_group.name,
                "DeliverLogsPermissionArn": role.arn,
                **what,
            },
        )
        Resource(
            self,
            "ToEvidence",
            "AWS::EC2::FlowLog",
            {"LogDestinationType": "s3", "LogDestination": evidence.arn, **what},
        )


class QueryLogs(Construct):
    """Every DNS query of the VPC, to a log group and to the evidence bucket: one of each kind is allowed per VPC."""

    def __init__(self, scope: Construct, id: str, *, boundary: Boundary, log_group: LogGroup, evidence: Bucket) -> None:
        super().__init__(scope, id)
        destinations = {"LogGroup": log_group.arn, "Evidence": evidence.arn}
        for title, destination in destinations.items():
            config = Resource(
                self, f"To{title}", "AWS::Route53Resolver::ResolverQueryLoggingConfig", {"DestinationArn": destination}
            )
            Resource(
                self,
                f"{title}Association",
                "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
                {"ResolverQueryLogConfigId": config.physical_id, "ResourceId": boundary.vpc_id},
            )
