"""Security groups: one for the endpoints, one for each consumer, and rules between them on 443 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

if TYPE_CHECKING:
    from infra.settings import Enclave

HTTPS: dict[str, Any] = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


class Group(ec2.CfnSecurityGroup):
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
            vpc_id=vpc_id,
            group_description=description,
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    cidr_ip="255.255.255.255/32",
                    description="Disallow all traffic",
                    ip_protocol="icmp",
                    from_port=252,
                    to_port=86,
                )
            ],
            tags=[CfnTag(key="Name", value=name)] if name else None,
        )
        self.id = self.attr_group_id


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
            title = "".join(part.capitalize() for part in consumer.name.split("-"))
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
        ec2.CfnSecurityGroupIngress(
            self,
            f"EndpointsFrom{title}",
            group_id=self.endpoints.id,
            source_security_group_id=group.id,
            description=f"HTTPS from {title}",
            **HTTPS,
        )
        ec2.CfnSecurityGroupEgress(
            self,
            f"{title}ToEndpoints",
            group_id=group.id,
            destination_security_group_id=self.endpoints.id,
            description="HTTPS to the interface endpoints",
            **HTTPS,
        )
        for service, prefix_list in self._prefix_lists.items():
            ec2.CfnSecurityGroupEgress(
                self,
                f"{title}To{service.capitalize()}",
                group_id=group.id,
                destination_prefix_list_id=prefix_list,
                description=f"HTTPS to the gateway endpoint of {service}",
                **HTTPS,
            )
