"""AWS::EC2::RouteTable."""

from __future__ import annotations

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging


class RouteTable(Declared, name="AWS::EC2::RouteTable"):
    """A route table; its routes and associations are resources of their own."""

    service = "ec2"
    creates = Call("create_route_table")
    identity = "RouteTable.RouteTableId"
    reads = (Call("describe_route_tables", {"RouteTableIds": ["{id}"]}, "RouteTables[0]"),)
    deletes = Call("delete_route_table", {"RouteTableId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="route-table")
