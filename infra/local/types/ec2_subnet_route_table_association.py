"""AWS::EC2::SubnetRouteTableAssociation."""

from __future__ import annotations

from typing import ClassVar

from infra.local.declared import Call, Declared


class SubnetRouteTableAssociation(Declared, name="AWS::EC2::SubnetRouteTableAssociation"):
    """The route table a subnet uses in place of the VPC's main one."""

    service = "ec2"
    creates = Call("associate_route_table")
    identity = "AssociationId"
    reads = (
        Call(
            "describe_route_tables",
            {"Filters": [{"Name": "association.route-table-association-id", "Values": ["{id}"]}]},
            "RouteTables[].Associations[] | [?RouteTableAssociationId=='{id}'] | [0]",
        ),
    )
    deletes = Call("disassociate_route_table", {"AssociationId": "{id}"})
    renames: ClassVar = {"Id": "RouteTableAssociationId"}
