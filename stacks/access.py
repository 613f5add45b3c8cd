"""The Access stack: who may take which role, and what each role may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.auditor_policy import AuditorPolicy
from infra.constructs.federated_role import FederatedRole
from infra.constructs.operator_policy import OperatorPolicy
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.archive import Archive
    from stacks.foundation import Foundation
    from stacks.inference import Inference


class Access(Stack):
    """Workload, operator and auditor, assumable through the identity provider alone, under the permissions boundary.

    Approvers and requesters come with the Release stack; vendor engineers and break-glass are further roles here.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        archive: Archive,
        foundation: Foundation,
        inference: Inference,
    ) -> None:
        super().__init__(scope, id, description="Sallyport: roles", **placement(settings, "access"))
        boundary = foundation.permissions_boundary
        operates = OperatorPolicy(
            self,
            "Operates",
            settings=settings,
            artifacts=foundation.artifacts,
            artifact_key=foundation.artifact_key,
        )
        audits = AuditorPolicy(
            self,
            "Audits",
            settings=settings,
            evidence=archive.evidence,
            evidence_key=archive.key,
            invocations=foundation.invocation_bucket,
            invocation_key=foundation.data_key,
            invocation_log=foundation.invocation_log,
        )
        self.workload = FederatedRole(
            self,
            "Workload",
            settings=settings,
            boundary=boundary,
            role="workload",
            description="asks models, through the guardrail and the endpoint",
            policies=inference.invoke.all,
        )
        self.operator = FederatedRole(
            self,
            "Operator",
            settings=settings,
            boundary=boundary,
            role="operator",
            description="runs the enclave, sees no content",
            policies=[operates],
        )
        self.auditor = FederatedRole(
            self,
            "Auditor",
            settings=settings,
            boundary=boundary,
            role="auditor",
            description="reads evidence and invocation records",
            policies=[audits],
        )
        CfnOutput(self, "WorkloadRoleArn", value=self.workload.arn)
        CfnOutput(self, "OperatorRoleArn", value=self.operator.arn)
        CfnOutput(self, "AuditorRoleArn", value=self.auditor.arn)
