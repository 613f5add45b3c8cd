"""The key that evidence is encrypted with, used by the trail, by log delivery, and by the auditor who reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy

from infra.constructs import names
from infra.constructs.customer_key import READ, CustomerKey, used_through
from infra.constructs.log_delivery import delivery_key_use, trail_key_use
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave


class EvidenceKey(CustomerKey):
    """The evidence key, in the evidence account."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, deployment_role: str) -> None:
        super().__init__(
            scope,
            id,
            settings=settings,
            account=settings.accounts.evidence,
            deployment_role=deployment_role,
            purpose=f"evidence of enclave {settings.name}",
            uses=[
                trail_key_use(names.trail_arn(settings)),
                delivery_key_use(names.log_delivery_arn(settings), settings.accounts.enclave),
                used_through(
                    "ReadByAuditor",
                    ["s3"],
                    READ,
                    settings=settings,
                    roles=[names.role_arn(settings, "auditor")],
                ),
            ],
        )
        self.reference = self.arn
        if names.evidence_is_elsewhere(settings):
            # No export carries a key's ARN to another account, and a key has no name of its own: an alias has.
            name = names.evidence_key_alias(settings)
            Resource(
                self,
                "Alias",
                "AWS::KMS::Alias",
                {"AliasName": name, "TargetKeyId": self.arn},
                removal=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            )
            self.reference = f"arn:{settings.partition}:kms:{settings.region}:{settings.accounts.evidence}:{name}"
