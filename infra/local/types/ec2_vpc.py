"""AWS::EC2::VPC."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Setting, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Properties


def _attribute(name: str) -> Setting:
    return Setting((name,), Call("modify_vpc_attribute", {"VpcId": "{id}", name: {"Value": f"{{{name}}}"}}))


def _reading(name: str) -> Call:
    member = name[0].lower() + name[1:]
    return Call("describe_vpc_attribute", {"VpcId": "{VpcId}", "Attribute": member}, f"{{{name}: {name}.Value}}")


def _default(operation: str, criterion: list[str], result: str) -> Call:
    filters = [{"Name": "vpc-id", "Values": ["{VpcId}"]}, {"Name": criterion[0], "Values": criterion[1:]}]
    return Call(operation, {"Filters": filters}, result)


class Vpc(Declared, name="AWS::EC2::VPC"):
    """A VPC with its DNS attributes; its default security group and NACL are attributes."""

    service = "ec2"
    creates = Call("create_vpc")
    identity = "Vpc.VpcId"
    reads = (
        Call("describe_vpcs", {"VpcIds": ["{id}"]}, "Vpcs[0]"),
        _reading("EnableDnsHostnames"),
        _reading("EnableDnsSupport"),
        _default(
            "describe_security_groups", ["group-name", "default"], "{DefaultSecurityGroup: SecurityGroups[0].GroupId}"
        ),
        _default("describe_network_acls", ["default", "true"], "{DefaultNetworkAcl: NetworkAcls[0].NetworkAclId}"),
        Call(
            "describe_vpcs",
            {"VpcIds": ["{VpcId}"]},
            "{CidrBlockAssociations: Vpcs[0].CidrBlockAssociationSet[].AssociationId,"
            " Ipv6CidrBlocks: Vpcs[0].Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock}",
        ),
    )
    settings = (_attribute("EnableDnsHostnames"), _attribute("EnableDnsSupport"))
    defaults: ClassVar = {"InstanceTenancy": "default", "EnableDnsHostnames": False, "EnableDnsSupport": True}
    updates = Call("modify_vpc_tenancy", {"VpcId": "{id}"})
    create_only = ("CidrBlock", "Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl")
    deletes = Call("delete_vpc", {"VpcId": "{id}"})
    lacks = ("Ipv4IpamPoolId", "Ipv4NetmaskLength", "VpcEncryptionControl")
    tagging = Tagging(**EC2_TAGS, kind="vpc")

    def replaces(self, old: Properties, new: Properties) -> bool:
        # Only dedicated to default happens in place (ModifyVpcTenancy).
        change = (old.get("InstanceTenancy", "default"), new.get("InstanceTenancy", "default"))
        return change[0] != change[1] and change != ("dedicated", "default")
