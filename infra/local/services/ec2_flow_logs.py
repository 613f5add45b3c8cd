"""Flow logs as EC2 makes them: destinations tried, options kept.

API shapes: botocore 1.44.5, service `ec2`; what is refused: VPC user guide, "Publish flow logs to Amazon S3" and
"… to CloudWatch Logs", read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.flow_logs import FlowLogs
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_flow_log_id

from infra.local import log_delivery
from infra.local.operations import Call, serve
from infra.local.permissions import role_allows, role_trusts, service_context
from infra.local.resource_type import Refused
from infra.local.rules import ec2_flow_log

FORMAT = (
    "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} "
    "${bytes} ${start} ${end} ${action} ${log-status}"
)
PLAIN = {"FileFormat": "plain-text", "HiveCompatiblePartitions": False, "PerHourPartition": False}


def extend() -> None:
    """Serve CreateFlowLogs; moto describes and deletes what is made."""
    serve(EC2Response, {"CreateFlowLogs": create_flow_logs}, invalid="InvalidParameterValue")


def create_flow_logs(call: Call) -> dict[str, Any]:
    """CreateFlowLogs: what AWS answers one resource at a time is told as unsuccessful."""
    asked = {"LogDestinationType": "cloud-watch-logs", "MaxAggregationInterval": 600, **call.parameters}
    _check(asked)
    made, unsuccessful = [], []
    for resource_id in asked["ResourceIds"]:
        _check_resource(call, asked["ResourceType"], resource_id)
        problem = _bucket_problem(call, asked)
        if problem:
            told = {"Code": problem.code, "Message": problem.message}
            unsuccessful.append({"ResourceId": resource_id, "Error": told})
        else:
            made.append(_make(call, asked, resource_id))
    for flow_log in made:
        call.backend.flow_logs[flow_log.id] = flow_log
    return {"FlowLogIds": [flow_log.id for flow_log in made], "Unsuccessful": unsuccessful}


def _check(asked: dict[str, Any]) -> None:
    kind = asked["LogDestinationType"]
    ec2_flow_log.role(asked)
    ec2_flow_log.fields(asked.get("LogFormat"))
    if kind == "s3" and "LogGroupName" in asked:
        raise Refused("InvalidParameter", "LogDestination type must be cloud-watch-logs if LogGroupName is provided.")
    if "LogGroupName" not in asked and "LogDestination" not in asked:
        raise Refused("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
    if "LogGroupName" in asked and "LogDestination" in asked:
        raise Refused("InvalidParameter", "exactly one of LogDestination and LogGroupName must be provided")
    if asked["MaxAggregationInterval"] not in (60, 600):
        message = f"Invalid Flow Log Max Aggregation Interval: {asked['MaxAggregationInterval']}, allowed: 60, 600"
        raise Refused("InvalidParameter", message)
    if "TrafficType" not in asked and asked["ResourceType"] in ("VPC", "Subnet", "NetworkInterface"):
        raise Refused("MissingParameter", "The request must contain the parameter TrafficType")


def _check_resource(call: Call, kind: str, resource_id: str) -> None:
    backend = call.backend
    find = {
        "VPC": backend.get_vpc,
        "Subnet": backend.get_subnet,
        "NetworkInterface": backend.get_network_interface,
    }.get(kind)
    if find is None:
        raise Refused("InvalidParameterValue", f"the embedded AWS has no flow logs of a {kind}")
    find(resource_id)


def _bucket_problem(call: Call, asked: dict[str, Any]) -> Refused | None:
    if asked["LogDestinationType"] != "s3":
        return None
    arn = asked["LogDestination"]
    if log_delivery.bucket(arn) is None:
        return Refused("400", f"LogDestination: {arn.split(':::', 1)[-1].split('/', 1)[0]} does not exist.")
    try:
        ec2_flow_log.bucket_policy(call, arn)
        ec2_flow_log.bucket_key(arn)
    except Refused as problem:
        return problem
    return None


def _make(call: Call, asked: dict[str, Any], resource_id: str) -> Any:
    destination = asked.get("LogDestination")
    group = asked.get("LogGroupName")
    if asked["LogDestinationType"] == "cloud-watch-logs" and destination:
        group = destination.split(":log-group:", 1)[-1].removesuffix(":*")
    for other in list(call.backend.flow_logs.values()):
        theirs = (other.resource_id, other.traffic_type, other.log_destination, other.log_group_name)
        if theirs == (resource_id, asked.get("TrafficType"), destination, group):
            message = "Error. There is an existing Flow Log with the same configuration and log destination."
            raise Refused("FlowLogAlreadyExists", message)
    made: Any = FlowLogs  # abstract to a type checker: moto's CloudFormation hooks are not written
    failed = asked["LogDestinationType"] == "cloud-watch-logs" and not _may_write(call, asked, str(group))
    made = made(
        call.backend,
        random_flow_log_id(),
        resource_id,
        asked.get("TrafficType"),
        destination,
        group,
        asked.get("DeliverLogsPermissionArn"),
        asked["MaxAggregationInterval"],
        asked["LogDestinationType"],
        asked.get("LogFormat", FORMAT),
        "FAILED" if failed else "SUCCESS",
        "Access error" if failed else None,
    )
    made.deliver_cross_account_role = asked.get("DeliverCrossAccountRole")
    if asked["LogDestinationType"] == "s3":
        made.destination_options = {**PLAIN, **asked.get("DestinationOptions", {})}
    made.tag_field_specifications = asked.get("TagFieldSpecifications", [])
    made.add_tags(
        {tag["Key"]: tag["Value"] for spec in asked.get("TagSpecifications", []) for tag in spec.get("Tags", [])}
    )
    return made


def _may_write(call: Call, asked: dict[str, Any], group: str) -> bool:
    """Whether the role can write to the group, in the VPC's account and region: else the flow log delivers nothing."""
    role = asked["DeliverLogsPermissionArn"]
    arn = asked.get("LogDestination", call.arn("logs", f"log-group:{group}")).removesuffix(":*")
    context = service_context(call.account, call.arn("ec2", "vpc-flow-log/any"))
    return (
        log_delivery.group_exists(arn, account=call.account, region=call.region)
        and role_trusts(role, "vpc-flow-logs.amazonaws.com", context)
        and role_allows(role, "logs:PutLogEvents", f"{arn}:log-stream:any")
    )
