"""Foundation: keys, trail, logs, alarms, artefacts, and the ceiling over every role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_iam as iam

from infra.constructs import names
from infra.constructs.access_log_bucket import AccessLogBucket
from infra.constructs.alarm_topic import AlarmTopic
from infra.constructs.enclave_keys import EnclaveKeys
from infra.constructs.enclave_log import EnclaveLog, LogDeliveryPolicy
from infra.constructs.flow_log_role import FlowLogRole
from infra.constructs.locked_bucket import ArtifactBucket, EvidenceBucket
from infra.constructs.log_delivery import allow_invocation_logging
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
        iam.PermissionsBoundary.of(self).apply(self.permissions_boundary.policy)

        keys = EnclaveKeys(self, "Keys", settings=settings)
        self.log_key, self.topic_key, self.data_key, self.artifact_key = (
            keys.logs,
            keys.topic,
            keys.data,
            keys.artifacts,
        )

        days = settings.retention.log_days
        self.trail_log = EnclaveLog(self, "TrailLog", key=self.log_key, retention_days=days)
        self.flow_log = EnclaveLog(self, "FlowLog", key=self.log_key, retention_days=days)
        self.query_log = EnclaveLog(self, "QueryLog", key=self.log_key, retention_days=days)
        self.invocation_log = EnclaveLog(self, "InvocationLog", key=self.log_key, retention_days=days)
        self.log_delivery = LogDeliveryPolicy(self, "LogDelivery", settings=settings, groups=[self.query_log])
        self.flow_log_role = FlowLogRole(self, "FlowLogRole", settings=settings, log_group=self.flow_log).role

        locked = settings.retention.evidence_days
        self.access_logs = AccessLogBucket(self, "AccessLogs", retention_days=locked)
        self.artifacts = ArtifactBucket(
            self, "Artifacts", key=self.artifact_key, access_logs=self.access_logs, retention_days=locked
        )
        self.invocation_bucket = EvidenceBucket(
            self, "Invocations", key=self.data_key, access_logs=self.access_logs, retention_days=locked
        )
        allow_invocation_logging(self.invocation_bucket, source_arn=names.bedrock_arn(settings), account=self.account)

        self.trail = Trail(
            self,
            "Trail",
            name=names.trail_name(settings),
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
        CfnOutput(self, "AlarmTopicArn", value=self.alarm_topic.topic_arn)
        CfnOutput(self, "ArtifactBucket", value=self.artifacts.bucket_name)
        CfnOutput(self, "InvocationBucket", value=self.invocation_bucket.bucket_name)
        CfnOutput(self, "InvocationLogGroup", value=self.invocation_log.log_group_name)
        CfnOutput(self, "TrailArn", value=self.trail.resource.attr_arn)
        CfnOutput(self, "TrailLogGroup", value=self.trail_log.log_group_name)
