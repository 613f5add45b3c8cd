"""AWS::EC2::Route."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.declared import Call, Declared, is_gone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.resource_type import Context, Properties

DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")


class Route(Declared, name="AWS::EC2::Route"):
    """A route, known by its table and its destination, of whichever of three kinds that is."""

    service = "ec2"
    creates = Call("create_route")
    parts = ("RouteTableId", "CidrBlock")
    reads = (
        Call(
            "describe_route_tables",
            {"RouteTableIds": ["{RouteTableId}"]},
            "RouteTables[0].Routes[?" + " || ".join(f"{name}=='{{CidrBlock}}'" for name in DESTINATIONS) + "] | [0]",
        ),
    )
    updates = Call("replace_route")
    deletes = Call("delete_route", {"RouteTableId": "{RouteTableId}"})
    lacks = ("CoreNetworkArn", "LocalGatewayId", "OdbNetworkArn")

    def identified(self, answer: Mapping[str, Any], properties: Properties, context: Context) -> str:
        destination = next(properties[name] for name in DESTINATIONS if name in properties)
        return f"{properties['RouteTableId']}|{destination}"

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        table, destination = physical_id.split("|")
        kind = DESTINATIONS[2 if destination.startswith("pl-") else 1 if ":" in destination else 0]
        try:
            context.client(self.service).delete_route(RouteTableId=table, **{kind: destination})
        except ClientError as error:
            if not is_gone(error):
                raise
