"""AWS::EC2::EIP."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class Eip(Declared, name="AWS::EC2::EIP"):
    """A public address; Ref gives the address itself."""

    service = "ec2"
    creates = Call("allocate_address")
    identity = "PublicIp"
    reads = (Call("describe_addresses", {"PublicIps": ["{id}"]}, "Addresses[0]"),)
    deletes = Call("release_address", {"AllocationId": "{AllocationId}"})
    tagging = Tagging(
        tag=EC2_TAGS["tag"], untag=EC2_TAGS["untag"], target={"Resources": ["{AllocationId}"]}, kind="elastic-ip"
    )
    defaults: ClassVar = {"Domain": "vpc"}
    lacks = ("InstanceId", "IpamPoolId", "NetworkBorderGroup", "PublicIpv4Pool", "TransferAddress")

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        return identifier["PublicIp"]

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        found = self.read(physical_id, context)
        if found is not None:
            super().delete(physical_id, found, context)
