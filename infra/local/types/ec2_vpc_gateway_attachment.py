"""AWS::EC2::VPCGatewayAttachment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.declared import is_gone
from infra.local.resource_type import Refused, ResourceType

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

# Kind of attachment, as the physical id begins, to the property, the calls and the answer that hold it.
KINDS = {
    "IGW": ("InternetGatewayId", "internet_gateway", "InternetGateways[]", "Attachments"),
    "VGW": ("VpnGatewayId", "vpn_gateway", "VpnGateways[]", "VpcAttachments"),
}


class VpcGatewayAttachment(ResourceType, name="AWS::EC2::VPCGatewayAttachment"):
    """An internet or VPN gateway attached to a VPC; known by the kind of gateway and the VPC."""

    def create(self, properties: Properties, context: Context) -> str:
        kind = next((kind for kind, (name, *_) in KINDS.items() if name in properties), None)
        if kind is None:
            message = "At least one of InternetGatewayId and VpnGatewayId must be specified"
            raise Refused("InvalidRequest", message)
        name, noun, *_ = KINDS[kind]
        attach = getattr(context.client("ec2"), f"attach_{noun}")
        attach(VpcId=properties["VpcId"], **{name: properties[name]})
        return f"{kind}|{properties['VpcId']}"

    def read(self, physical_id: str, context: Context) -> Properties | None:
        kind, vpc = physical_id.split("|")
        gateway = _attached(kind, vpc, context)
        return {KINDS[kind][0]: gateway, "VpcId": vpc, "AttachmentType": kind} if gateway else None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        self.delete(physical_id, old, context)
        self.create(new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        kind, vpc = physical_id.split("|")
        name, noun, *_ = KINDS[kind]
        gateway = _attached(kind, vpc, context)
        if gateway:
            try:
                getattr(context.client("ec2"), f"detach_{noun}")(VpcId=vpc, **{name: gateway})
            except ClientError as error:
                if not is_gone(error):
                    raise


def _attached(kind: str, vpc: str, context: Context) -> Any:
    name, noun, answer, attachments = KINDS[kind]
    filters = [{"Name": "attachment.vpc-id", "Values": [vpc]}]
    for gateway in getattr(context.client("ec2"), f"describe_{noun}s")(Filters=filters)[answer.removesuffix("[]")]:
        if any(one["VpcId"] == vpc and one["State"] in ("available", "attached") for one in gateway[attachments]):
            return gateway[name]
    return None
