"""Flow logs and DNS query logs of VPCs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.identity import naming, written
from infra.posture.values import Maybe, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.resources import Declared, Resources

# What a flow log writes that names no format. VPC guide, "Flow log records", read 2026-11-24.
DEFAULT_FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} "
    "${packets} ${bytes} ${start} ${end} ${action} ${log-status}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLog(Resource):
    """One flow log of a VPC, subnet or interface."""

    resource_id: Maybe[str]
    resource_type: Maybe[str]
    traffic_type: Maybe[str]
    destination_type: Maybe[str]
    destination: Maybe[str]
    """ARN of the bucket (with path), log group (without `:*`) or stream."""
    role_arn: Maybe[str]
    log_format: Maybe[str]
    max_aggregation_seconds: Maybe[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryLogConfig(Resource):
    """One Resolver query log, and the VPCs whose queries it records."""

    destination: Maybe[str]
    vpc_ids: tuple[Maybe[str], ...]


def flow_logs(resources: Resources) -> Iterator[FlowLog]:
    """All flow logs."""
    for log in resources.of("AWS::EC2::FlowLog"):
        given = log.properties
        interval = given.whole("MaxAggregationInterval")
        yield FlowLog(
            **log.common,
            resource_id=given.text("ResourceId"),
            resource_type=_kind(given.text("ResourceType"), given.text("ResourceId")),
            # AWS demands it but for transit gateways, so what names none records nothing that counts here
            traffic_type=given.text("TrafficType"),
            destination_type=given.text("LogDestinationType", "cloud-watch-logs"),
            destination=_destination(log),
            role_arn=given.text("DeliverLogsPermissionArn"),
            log_format=given.text("LogFormat", DEFAULT_FORMAT),
            max_aggregation_seconds=600 if interval is None else interval,
        )


def _kind(given: Maybe[str], resource_id: Maybe[str]) -> Maybe[str]:
    return given if given else Unknown(f"what kind of resource {resource_id} is")


def _destination(log: Declared) -> Maybe[str]:
    given = log.properties
    arn = given.text("LogDestination")
    if arn != "":
        return arn if isinstance(arn, Unknown) else log_group_arn(arn)
    name = given.text("LogGroupName")
    if isinstance(name, Unknown) or not name:
        return name or Unknown("it names no destination")
    return log_group_arn(written(naming("AWS::Logs::LogGroup").arn, name, log.place))


def log_group_arn(arn: str) -> str:
    """A log group's ARN without the `:*` that some services write and others do not."""
    return arn.removesuffix(":*")


def query_log_configs(resources: Resources) -> Iterator[QueryLogConfig]:
    """All query logs, with the VPCs associated."""
    configs = resources.of("AWS::Route53Resolver::ResolverQueryLoggingConfig")
    associations = resources.attached(
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation", "ResolverQueryLogConfigId", configs
    )
    for config in configs:
        destination = config.properties.text("DestinationArn")
        vpcs = {each.properties.text("ResourceId") for each in associations[config.id]}
        yield QueryLogConfig(
            **config.common,
            destination=destination if isinstance(destination, Unknown) else log_group_arn(destination),
            vpc_ids=tuple(sorted(vpcs, key=str)),
        )
