"""Archive: the evidence that nobody can delete, in the evidence account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs import names
from infra.constructs.access_log_bucket import AccessLogBucket
from infra.constructs.deployment import deployment_role_arn
from infra.constructs.evidence_key import EvidenceKey
from infra.constructs.evidence_reader import auditor_reads
from infra.constructs.locked_bucket import EvidenceBucket
from infra.constructs.log_delivery import log_delivery, trail_delivery
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave


class Archive(Stack):
    """Locked evidence bucket, its key, and the bucket for access logs; retained and protected."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave) -> None:
        where = placement(settings, "archive", account=settings.accounts.evidence, protected=True)
        super().__init__(scope, id, description="Sallyport: evidence that nobody can delete", **where)
        days = settings.retention.evidence_days
        deployment_role = deployment_role_arn(self, settings, settings.accounts.evidence)
        self.access_logs = AccessLogBucket(
            self,
            "AccessLogs",
            settings=settings,
            deployment_role=deployment_role,
            account=settings.accounts.evidence,
            retention_days=days,
        )
        self.key = EvidenceKey(self, "Key", settings=settings, deployment_role=deployment_role)
        self.evidence = EvidenceBucket(
            self,
            "Evidence",
            settings=settings,
            deployment_role=deployment_role,
            key=self.key,
            access_logs=self.access_logs,
            retention_days=days,
            name=names.evidence_bucket_name(settings),
            policy=[
                trail_delivery(names.trail_arn(settings), settings.accounts.enclave),
                log_delivery(names.log_delivery_arn(settings), settings.accounts.enclave),
                auditor_reads(settings),
            ],
        )
        CfnOutput(self, "EvidenceBucket", value=self.evidence.name)
        CfnOutput(self, "EvidenceKey", value=self.key.arn)
