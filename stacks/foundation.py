"""Foundation: keys, trail, logs, alarms, artefacts, and the ceiling over every role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs import names
from infra.constructs.access_log_bucket import AccessLogBucket
from infra.constructs.alarm_topic import AlarmTopic
from infra.constructs.deployment import deployment_role_arn
from infra.constructs.enclave_keys import EnclaveKeys
from infra.constructs.flow_log_role import FlowLogRole
from infra.constructs.locked_bucket import ArtifactBucket, EvidenceBucket
from infra.constructs.log_delivery import invocation_logging
from infra.constructs.log_delivery_policy import LogDeliveryPolicy
from infra.constructs.log_group import EnclaveLog
from infra.constructs.permissions_boundary import PermissionsBoundary
from infra.constructs.trail import Trail
from infra.constructs.trail_watch import TrailWatch
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.archive import Archive


class Foundation(Stack):
    """What the other stacks rest on; retained and protected."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, archive: Archive) -> None:
        where = placement(settings, "foundation", protected=True)
        super().__init__(scope, id, description="Sallyport: keys, trail, logs and alarms", **where)
        self.add_stack_dependency(archive, "the trail delivers there; in another account no import says so")
        self.permissions_boundary = PermissionsBoundary(self, "PermissionsBoundary", settings=settings)

        deployment_role = deployment_role_arn(self, settings, settings.accounts.enclave)
        keys = EnclaveKeys(self, "Keys", settings=settings, deployment_role=deployment_role)
        self.log_key, self.topic_key, self.data_key, self.artifact_key = (
            keys.logs,
            keys.topic,
            keys.data,
            keys.artifacts,
        )

        self.trail_log = EnclaveLog(self, "TrailLog", settings=settings, key=self.log_key)
        self.flow_log = EnclaveLog(self, "FlowLog", settings=settings, key=self.log_key)
        self.query_log = EnclaveLog(self, "QueryLog", settings=settings, key=self.log_key)
        self.invocation_log = EnclaveLog(self, "InvocationLog", settings=settings, key=self.log_key)
        self.log_delivery = LogDeliveryPolicy(self, "LogDelivery", settings=settings, groups=[self.query_log])
        self.flow_log_role = FlowLogRole(
            self, "FlowLogRole", settings=settings, boundary=self.permissions_boundary, log_group=self.flow_log
        )

        account, locked = settings.accounts.enclave, settings.retention.evidence_days
        self.access_logs = AccessLogBucket(
            self,
            "AccessLogs",
            settings=settings,
            deployment_role=deployment_role,
            account=account,
            retention_days=locked,
        )
        self.artifacts = ArtifactBucket(
            self,
            "Artifacts",
            settings=settings,
            deployment_role=deployment_role,
            key=self.artifact_key,
            access_logs=self.access_logs,
            retention_days=locked,
        )
        self.invocation_bucket = EvidenceBucket(
            self,
            "Invocations",
            settings=settings,
            deployment_role=deployment_role,
            key=self.data_key,
            access_logs=self.access_logs,
            retention_days=locked,
            policy=[invocation_logging(names.bedrock_arn(settings), account)],
        )

        self.trail = Trail(
            self,
            "Trail",
            settings=settings,
            boundary=self.permissions_boundary,
            evidence=archive.evidence,
            key=archive.key.reference,
            log_group=self.trail_log,
            watched={"artifacts": self.artifacts, "invocations": self.invocation_bucket},
        )
        self.alarm_topic = AlarmTopic(self, "AlarmTopic", settings=settings, key=self.topic_key)
        TrailWatch(
            self,
            "TrailWatch",
            namespace=f"Sallyport/{settings.name}",
            log_group=self.trail_log,
            topic=self.alarm_topic,
        )
        CfnOutput(self, "AlarmTopicArn", value=self.alarm_topic.arn)
        CfnOutput(self, "ArtifactBucket", value=self.artifacts.name)
        CfnOutput(self, "InvocationBucket", value=self.invocation_bucket.name)
        CfnOutput(self, "InvocationLogGroup", value=self.invocation_log.name)
        CfnOutput(self, "TrailArn", value=self.trail.arn)
        CfnOutput(self, "TrailLogGroup", value=self.trail_log.name)
