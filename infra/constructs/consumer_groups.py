"""Security groups: one for the endpoints, one for each consumer, and rules between them on 443 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from constructs import Construct

from infra.constructs import names
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.settings import Enclave

HTTPS: dict[str, Any] = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


class Group(Resource):
    """A security group that starts with nothing let in or out; rules come on top as resources of their own.

    EC2 gives a group without egress rules one that allows everything, so each starts with a rule that no packet
    meets: ICMP of a type and code that do not exist, to the broadcast address.
    """

    def __init__(self, scope: Construct, id: str, *, vpc_id: str, description: str, name: str | None = None) -> None:
        """Make the group.

        Args:
            scope: construct above.
            id: id within it.
            vpc_id: VPC it belongs to.
            description: what its members are.
            name: `Name` tag.
        """
        super().__init__(
            scope,
            id,
            "AWS::EC2::SecurityGroup",
            {
                "VpcId": vpc_id,
                "GroupDescription": description,
                "SecurityGroupEgress": [
                    {
                        "CidrIp": "255.255.255.255/32",
                        "Description": "Disallow all traffic",
                        "IpProtocol": "icmp",
                        "FromPort": 252,
                        "ToPort": 86,
                    }
                ],
                "Tags": [{"Key": "Name", "Value": name}] if name else None,
            },
        )
        self.id = self.physical_id


class ConsumerGroups(Construct):
    """The group of the endpoints, and a group for the workloads of each consumer; no rule names a CIDR."""

    def __init__(self, scope: Construct, id: str, *, vpc_id: str, settings: Enclave) -> None:
        super().__init__(scope, id)
        self._prefix_lists = dict(sorted(settings.network.prefix_lists.items()))
        self.endpoints = Group(
            self,
            "Endpoints",
            vpc_id=vpc_id,
            name=f"{settings.name}-endpoints",
            description="interface endpoints of the enclave",
        )
        self.consumers: dict[str, Group] = {}
        for consumer in sorted(settings.consumers, key=lambda consumer: consumer.name):
            title = names.title(consumer.name)
            group = Group(
                self,
                f"Consumer{title}",
                vpc_id=vpc_id,
                name=f"{settings.name}-{consumer.name}",
                description=f"workloads of consumer {consumer.name}",
            )
            self.consumers[consumer.name] = group
            self._admit(title, group)

    def _admit(self, title: str, group: Group) -> None:
        """Let the members of a group reach the endpoints, and S3 and DynamoDB by their prefix lists."""
        Resource(
            self,
            f"EndpointsFrom{title}",
            "AWS::EC2::SecurityGroupIngress",
            {
                "GroupId": self.endpoints.id,
                "SourceSecurityGroupId": group.id,
                "Description": f"HTTPS from {title}",
                **HTTPS,
            },
        )
        Resource(
            self,
            f"{title}ToEndpoints",
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": group.id,
                "DestinationSecurityGroupId": self.endpoints.id,
                "Description": "HTTPS to the interface endpoints",
                **HTTPS,
            },
        )
        for service, prefix_list in self._prefix_lists.items():
            Resource(
                self,
                f"{title}To{service.capitalize()}",
                "AWS::EC2::SecurityGroupEgress",
                {
                    "GroupId": group.id,
                    "DestinationPrefixListId": prefix_list,
                    "Description": f"HTTPS to the gateway endpoint of {service}",
                    **HTTPS,
                },
            )
