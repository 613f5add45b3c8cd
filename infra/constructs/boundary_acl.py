"""The network ACL of the subnets: a second, stateless fence that names what may pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.constructs.boundary import Boundary

TCP = 6
ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True, slots=True)
class Rule:
    """One allowance; whatever no rule allows is denied by the ACL's own last rule."""

    title: str
    number: int
    egress: bool
    cidr: str
    ports: tuple[int, int]


HTTPS = (443, 443)
EPHEMERAL = (1024, 65535)


class BoundaryAcl(Construct):
    """HTTPS within the VPC and its answers; towards S3 and DynamoDB only where a gateway is used.

    An ACL takes no prefix list, so the way to a gateway endpoint has to be open by address: the route tables, which
    hold no other way out, and the security groups, which name the prefix lists, keep it to S3 and DynamoDB.
    """

    def __init__(self, scope: Construct, id: str, *, boundary: Boundary, gateways: bool) -> None:
        """Make the ACL and put it on every subnet.

        Args:
            scope: construct above.
            id: id within it.
            boundary: VPC and subnets.
            gateways: whether anything in the subnets uses a gateway endpoint.
        """
        super().__init__(scope, id)
        acl = Resource(self, "Acl", "AWS::EC2::NetworkAcl", {"VpcId": boundary.vpc_id})
        acl_id = acl.physical_id
        for rule in rules(boundary.cidr, gateways=gateways):
            Resource(
                self,
                rule.title,
                "AWS::EC2::NetworkAclEntry",
                {
                    "NetworkAclId": acl_id,
                    "RuleNumber": rule.number,
                    "RuleAction": "allow",
                    "Protocol": TCP,
                    "Egress": rule.egress,
                    "CidrBlock": rule.cidr,
                    "PortRange": {"From": rule.ports[0], "To": rule.ports[1]},
                },
            )
        for subnet in boundary.subnets:
            Resource(
                self,
                f"Zone{subnet.zone[-1].upper()}",
                "AWS::EC2::SubnetNetworkAclAssociation",
                {"NetworkAclId": acl_id, "SubnetId": subnet.subnet_id},
            )


def rules(vpc_cidr: str, *, gateways: bool) -> list[Rule]:
    """The rules in order; at most 20 each way, the default denial included (VPC quotas, read 2026-11-24)."""
    inside = [
        Rule("HttpsIn", 100, False, vpc_cidr, HTTPS),
        Rule("AnswersIn", 110, False, vpc_cidr, EPHEMERAL),
        Rule("HttpsOut", 100, True, vpc_cidr, HTTPS),
        Rule("AnswersOut", 110, True, vpc_cidr, EPHEMERAL),
    ]
    to_gateways = [
        Rule("GatewayHttpsOut", 200, True, ANYWHERE, HTTPS),
        Rule("GatewayAnswersIn", 200, False, ANYWHERE, EPHEMERAL),
    ]
    return inside + (to_gateways if gateways else [])
