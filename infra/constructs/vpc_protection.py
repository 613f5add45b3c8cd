"""What AWS itself enforces on the VPC: no internet gateway works, and nothing travels unencrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

if TYPE_CHECKING:
    from infra.constructs.boundary import Boundary
    from infra.settings import Enclave


class VpcProtection(Construct):
    """Block public access for the account, if this enclave owns that setting, and encryption control for the VPC.

    Encryption control enforces from the start, which an empty VPC allows, and excludes nothing: each exclusion is
    spelled out, for the default is not stated anywhere
    (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html, read 2026-11-24).
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, boundary: Boundary) -> None:
        super().__init__(scope, id)
        self.block_public_access: ec2.CfnVPCBlockPublicAccessOptions | None = None
        if settings.account_baseline:
            self.block_public_access = ec2.CfnVPCBlockPublicAccessOptions(
                self, "BlockPublicAccess", internet_gateway_block_mode="block-bidirectional"
            )
        self.encryption = ec2.CfnVPCEncryptionControl(
            self,
            "Encryption",
            vpc_id=boundary.vpc_id,
            mode="enforce",
            egress_only_internet_gateway_exclusion_input="disable",
            elastic_file_system_exclusion_input="disable",
            internet_gateway_exclusion_input="disable",
            lambda_exclusion_input="disable",
            nat_gateway_exclusion_input="disable",
            virtual_private_gateway_exclusion_input="disable",
            vpc_lattice_exclusion_input="disable",
            vpc_peering_exclusion_input="disable",
        )
