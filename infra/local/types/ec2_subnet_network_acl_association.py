"""AWS::EC2::SubnetNetworkAclAssociation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class SubnetNetworkAclAssociation(Declared, name="AWS::EC2::SubnetNetworkAclAssociation"):
    """The network ACL of a subnet, which always has one: making and removing this replaces which."""

    service = "ec2"
    reads = (
        Call(
            "describe_network_acls",
            {"Filters": [{"Name": "association.association-id", "Values": ["{id}"]}]},
            "NetworkAcls[].Associations[] | [?NetworkAclAssociationId=='{id}'] | [0]",
        ),
    )
    renames: ClassVar = {"AssociationId": "NetworkAclAssociationId"}

    def create(self, properties: Properties, context: Context) -> str:
        ec2, subnet = context.client("ec2"), properties["SubnetId"]
        ec2.describe_subnets(SubnetIds=[subnet])  # says so if there is none
        current = _acls(ec2, "association.subnet-id", subnet)[0]
        (association,) = (
            one["NetworkAclAssociationId"] for one in current["Associations"] if one["SubnetId"] == subnet
        )
        return _replace(ec2, association, properties["NetworkAclId"])

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        ec2 = context.client("ec2")
        for current in _acls(ec2, "association.association-id", physical_id):
            (default,) = (acl for acl in _acls(ec2, "vpc-id", current["VpcId"]) if acl["IsDefault"])
            _replace(ec2, physical_id, default["NetworkAclId"])


def _acls(ec2: Any, criterion: str, value: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ec2.describe_network_acls(Filters=[{"Name": criterion, "Values": [value]}])[
        "NetworkAcls"
    ]
    return found


def _replace(ec2: Any, association: str, acl: str) -> str:
    answer = ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=acl)
    return str(answer["NewAssociationId"])
