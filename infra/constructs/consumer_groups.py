"""Security groups: one for the endpoints, one for each consumer, and rules between them on 443 alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Tags
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

if TYPE_CHECKING:
    from infra.settings import Enclave

HTTPS: dict[str, Any] = {"ip_protocol": "tcp", "from_port": 443, "to_port": 443}


class ConsumerGroups(Construct):
    """The group of the endpoints, and a group for the workloads of each consumer.

    No rule names a CIDR. Every group starts with the CDK's rule that matches no traffic, for EC2 gives a group
    without egress rules one that allows everything; the rules between groups come on top as resources of their own.
    """

    def __init__(self, scope: Construct, id: str, *, vpc: ec2.IVpc, settings: Enclave) -> None:
        super().__init__(scope, id)
        self._vpc = vpc
        self._prefix_lists = dict(sorted(settings.network.prefix_lists.items()))
        self.endpoints = self._group("Endpoints", f"{settings.name}-endpoints", "interface endpoints of the enclave")
        self.consumers: dict[str, ec2.SecurityGroup] = {}
        for consumer in sorted(settings.consumers, key=lambda consumer: consumer.name):
            title = "".join(part.capitalize() for part in consumer.name.split("-"))
            name = f"{settings.name}-{consumer.name}"
            group = self._group(f"Consumer{title}", name, f"workloads of consumer {consumer.name}")
            self.consumers[consumer.name] = group
            self.admit(title, group)

    def _group(self, id: str, name: str, description: str) -> ec2.SecurityGroup:
        group = ec2.SecurityGroup(self, id, vpc=self._vpc, description=description, allow_all_outbound=False)
        Tags.of(group).add("Name", name)
        return group

    def admit(self, title: str, group: ec2.ISecurityGroup) -> None:
        """Let the members of a group reach the endpoints, and S3 and DynamoDB by their prefix lists."""
        ec2.CfnSecurityGroupIngress(
            self,
            f"EndpointsFrom{title}",
            group_id=self.endpoints.security_group_id,
            source_security_group_id=group.security_group_id,
            description=f"HTTPS from {title}",
            **HTTPS,
        )
        ec2.CfnSecurityGroupEgress(
            self,
            f"{title}ToEndpoints",
            group_id=group.security_group_id,
            destination_security_group_id=self.endpoints.security_group_id,
            description="HTTPS to the interface endpoints",
            **HTTPS,
        )
        for service, prefix_list in self._prefix_lists.items():
            ec2.CfnSecurityGroupEgress(
                self,
                f"{title}To{service.capitalize()}",
                group_id=group.security_group_id,
                destination_prefix_list_id=prefix_list,
                description=f"HTTPS to the gateway endpoint of {service}",
                **HTTPS,
            )
