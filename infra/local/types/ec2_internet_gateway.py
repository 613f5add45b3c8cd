"""AWS::EC2::InternetGateway."""

from __future__ import annotations

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging


class InternetGateway(Declared, name="AWS::EC2::InternetGateway"):
    """A way to the internet, once it is attached to a VPC."""

    service = "ec2"
    creates = Call("create_internet_gateway")
    identity = "InternetGateway.InternetGatewayId"
    reads = (Call("describe_internet_gateways", {"InternetGatewayIds": ["{id}"]}, "InternetGateways[0]"),)
    deletes = Call("delete_internet_gateway", {"InternetGatewayId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="internet-gateway")
