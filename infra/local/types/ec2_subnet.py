"""AWS::EC2::Subnet."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Setting, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Properties

LAUNCH = "PrivateDnsNameOptionsOnLaunch"


def _attribute(name: str, argument: str, value: object) -> Setting:
    return Setting((name,), Call("modify_subnet_attribute", {"SubnetId": "{id}", argument: value}))


def _switch(name: str) -> Setting:
    return _attribute(name, name, {"Value": f"{{{name}}}"})


def _named_on_launch(name: str) -> Setting:
    return _attribute(LAUNCH, f"{name}OnLaunch", {"Value": f"{{{LAUNCH}.{name}}}"})


class Subnet(Declared, name="AWS::EC2::Subnet"):
    """A subnet; ModifySubnetAttribute takes one attribute a call, as AWS does."""

    service = "ec2"
    creates = Call("create_subnet")
    identity = "Subnet.SubnetId"
    reads = (
        Call("describe_subnets", {"SubnetIds": ["{id}"]}, "Subnets[0]"),
        Call(
            "describe_network_acls",
            {"Filters": [{"Name": "association.subnet-id", "Values": ["{id}"]}]},
            "{NetworkAclAssociationId:"
            " NetworkAcls[].Associations[] | [?SubnetId=='{id}'].NetworkAclAssociationId | [0]}",
        ),
        Call(
            "describe_subnets",
            {"SubnetIds": ["{id}"]},
            "{Ipv6CidrBlocks: Subnets[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock,"
            " Ipv6CidrBlock: Subnets[0].Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock}",
        ),
    )
    settings = (
        _switch("MapPublicIpOnLaunch"),
        _switch("AssignIpv6AddressOnCreation"),
        _switch("EnableDns64"),
        _attribute("EnableLniAtDeviceIndex", "EnableLniAtDeviceIndex", "{EnableLniAtDeviceIndex}"),
        _attribute(LAUNCH, "PrivateDnsHostnameTypeOnLaunch", f"{{{LAUNCH}.HostnameType}}"),
        _named_on_launch("EnableResourceNameDnsARecord"),
        _named_on_launch("EnableResourceNameDnsAAAARecord"),
    )
    defaults: ClassVar = {"MapPublicIpOnLaunch": False, "EnableDns64": False}
    deletes = Call("delete_subnet", {"SubnetId": "{id}"})
    lacks = ("Ipv4IpamPoolId", "Ipv4NetmaskLength", "Ipv6IpamPoolId", "Ipv6NetmaskLength", "OutpostArn")
    tagging = Tagging(**EC2_TAGS, kind="subnet")

    def replaces(self, old: Properties, new: Properties) -> bool:
        # Only adding an IPv6 block happens in place on AWS; here that replaces as well.
        return old.get("Ipv6CidrBlock") != new.get("Ipv6CidrBlock")
