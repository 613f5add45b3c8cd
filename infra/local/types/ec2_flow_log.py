"""AWS::EC2::FlowLog."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.resource_type import Context, Properties

KINDS = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}


class FlowLog(Declared, name="AWS::EC2::FlowLog"):
    """The traffic of a VPC, subnet or interface, written to a log group or a bucket."""

    service = "ec2"
    creates = Call("create_flow_logs", {"ResourceIds": ["{ResourceId}"]})
    omits = ("ResourceId",)  # a list of one in the API, above
    identity = "FlowLogIds[0]"
    reads = (Call("describe_flow_logs", {"FlowLogIds": ["{id}"]}, "FlowLogs[0]"),)
    deletes = Call("delete_flow_logs", {"FlowLogIds": ["{id}"]})
    tagging = Tagging(**EC2_TAGS, kind="vpc-flow-log")
    renames: ClassVar = {"Id": "FlowLogId"}

    def identified(self, answer: Mapping[str, Any], properties: Properties, context: Context) -> str:
        for failed in answer.get("Unsuccessful", []):
            raise Refused(failed["Error"]["Code"], failed["Error"]["Message"])
        return super().identified(answer, properties, context)

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        return {**answer, "ResourceType": KINDS[answer["ResourceId"].split("-", 1)[0]]}
