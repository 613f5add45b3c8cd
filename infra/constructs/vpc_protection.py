"""What AWS itself enforces on the VPC: no internet gateway works, and nothing travels unencrypted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.resource import Resource

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
        self.block_public_access: Resource | None = None
        if settings.account_baseline:
            self.block_public_access = Resource(
                self,
                "BlockPublicAccess",
                "AWS::EC2::VPCBlockPublicAccessOptions",
                {"InternetGatewayBlockMode": "block-bidirectional"},
            )
        self.encryption = Resource(
            self,
            "Encryption",
            "AWS::EC2::VPCEncryptionControl",
            {
                "VpcId": boundary.vpc_id,
                "Mode": "enforce",
                "EgressOnlyInternetGatewayExclusionInput": "disable",
                "ElasticFileSystemExclusionInput": "disable",
                "InternetGatewayExclusionInput": "disable",
                "LambdaExclusionInput": "disable",
                "NatGatewayExclusionInput": "disable",
                "VirtualPrivateGatewayExclusionInput": "disable",
                "VpcLatticeExclusionInput": "disable",
                "VpcPeeringExclusionInput": "disable",
            },
        )
