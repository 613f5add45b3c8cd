"""AWS::EC2::NatGateway."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context


class NatGateway(Declared, name="AWS::EC2::NatGateway"):
    """A NAT gateway in one subnet; AWS still tells a deleted one for a while, as deleted."""

    service = "ec2"
    creates = Call("create_nat_gateway")
    identity = "NatGateway.NatGatewayId"
    reads = (Call("describe_nat_gateways", {"NatGatewayIds": ["{id}"]}, "NatGateways[?State!='deleted'] | [0]"),)
    deletes = Call("delete_nat_gateway", {"NatGatewayId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="natgateway")
    defaults: ClassVar = {"ConnectivityType": "public"}
    omits = ("MaxDrainDurationSeconds",)  # how long a deletion may take: no deletion takes time here
    lacks = (
        "AvailabilityMode",
        "AvailabilityZoneAddresses",
        "PrivateIpAddress",
        "SecondaryAllocationIds",
        "SecondaryPrivateIpAddressCount",
        "SecondaryPrivateIpAddresses",
        "VpcId",
    )

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        first = answer["NatGatewayAddresses"][0]
        return {
            **answer,
            "AllocationId": first.get("AllocationId"),
            "PrivateIpAddress": first.get("PrivateIp"),
            "EniId": first.get("NetworkInterfaceId"),
        }
