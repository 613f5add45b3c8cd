"""AWS::EC2::VPCBlockPublicAccessOptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.resource_type import ResourceType
from infra.local.rules import ec2_vpc_block_public_access_options
from infra.local.shapes import to_api

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class VpcBlockPublicAccessOptions(ResourceType, name="AWS::EC2::VPCBlockPublicAccessOptions"):
    """The account's one block of public access to its VPCs in a region: there is nothing to make, only to set."""

    def create(self, properties: Properties, context: Context) -> str:
        standing = context.client("ec2").describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
        ec2_vpc_block_public_access_options.nobody_set_it(standing["InternetGatewayBlockMode"])
        self._set(properties, context)
        return context.account

    def read(self, physical_id: str, context: Context) -> Properties | None:
        options = context.client("ec2").describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
        if options["InternetGatewayBlockMode"] == "off":
            return None
        told = {name: options[name] for name in ("InternetGatewayBlockMode", "ExclusionsAllowed")}
        return {**told, "AccountId": options["AwsAccountId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        self._set(new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        self._set({"InternetGatewayBlockMode": "off"}, context)

    def _set(self, properties: Properties, context: Context) -> None:
        ec2, operation = context.client("ec2"), "modify_vpc_block_public_access_options"
        getattr(ec2, operation)(**to_api(ec2, operation, properties))
