"""Alarms on what the trail records: changes to trail, keys, evidence, permissions and network, and the root user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.alarm import Alarm
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.constructs.alarm_topic import AlarmTopic
    from infra.constructs.log_group import LogGroup


@dataclass(frozen=True, slots=True)
class Watched:
    """Calls that raise one alarm, refused ones included; a filter pattern holds 1,024 characters."""

    title: str
    why: str
    calls: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """The filter pattern, in CloudWatch Logs' JSON form."""
        return "{ " + " || ".join(f"($.eventName = {call})" for call in self.calls) + " }"


WATCHED = (
    Watched(
        "TrailChanges",
        "someone changed or stopped the trail",
        ("CreateTrail", "DeleteTrail", "PutEventSelectors", "StartLogging", "StopLogging", "UpdateTrail"),
    ),
    Watched(
        "KeyChanges",
        "someone tried to destroy, disable or open a key",
        (
            *("CreateGrant", "DeleteImportedKeyMaterial", "DisableKey", "DisableKeyRotation"),
            *("PutKeyPolicy", "ScheduleKeyDeletion"),
        ),
    ),
    Watched(
        "LogChanges",
        "someone deleted or shortened a log",
        (
            *(
                "DeleteFlowLogs",
                "DeleteLogGroup",
                "DeleteLogStream",
                "DeleteMetricFilter",
                "DeleteResolverQueryLogConfig",
            ),
            *(
                "DeleteResourcePolicy",
                "DeleteRetentionPolicy",
                "DisassociateKmsKey",
                "DisassociateResolverQueryLogConfig",
            ),
            *("PutLogGroupDeletionProtection", "PutRetentionPolicy"),
        ),
    ),
    Watched(
        "EvidenceChanges",
        "someone changed what protects a bucket",
        (
            *("DeleteBucket", "DeleteBucketEncryption", "DeleteBucketLifecycle", "DeleteBucketPolicy"),
            *("DeleteBucketPublicAccessBlock", "PutBucketAcl", "PutBucketEncryption", "PutBucketLifecycle"),
            *("PutBucketLogging", "PutBucketObjectLockConfiguration", "PutBucketPolicy"),
            *("PutBucketPublicAccessBlock", "PutBucketReplication", "PutBucketVersioning"),
        ),
    ),
    Watched(
        "PermissionChanges",
        "someone changed a policy, a role or its trust",
        (
            *("AttachGroupPolicy", "AttachRolePolicy", "AttachUserPolicy", "CreateAccessKey", "CreatePolicy"),
            *("CreatePolicyVersion", "CreateRole", "CreateUser", "DeleteGroupPolicy", "DeletePolicy"),
            *("DeletePolicyVersion", "DeleteRole", "DeleteRolePermissionsBoundary", "DeleteRolePolicy"),
            *("DeleteUserPolicy", "DetachGroupPolicy", "DetachRolePolicy", "DetachUserPolicy", "PutGroupPolicy"),
            *("PutRolePermissionsBoundary", "PutRolePolicy", "PutUserPolicy", "SetDefaultPolicyVersion"),
            *("UpdateAssumeRolePolicy", "UpdateSAMLProvider", "UpdateOpenIDConnectProviderThumbprint"),
        ),
    ),
    Watched(
        "RouteChanges",
        "someone opened or moved a way in or out of the network",
        (
            *("AcceptVpcPeeringConnection", "AttachInternetGateway", "AttachVpnGateway", "CreateNatGateway"),
            *("CreateRoute", "CreateTransitGatewayVpcAttachment", "CreateVpcBlockPublicAccessExclusion"),
            *("CreateVpcEndpoint", "CreateVpcPeeringConnection", "DeleteVpcEndpoints"),
            *("ModifyVpcBlockPublicAccessOptions", "ModifyVpcEncryptionControl", "ModifyVpcEndpoint"),
            *("ReplaceRoute", "ReplaceRouteTableAssociation"),
        ),
    ),
    Watched(
        "FilterChanges",
        "someone changed what the network lets through",
        (
            *("AuthorizeSecurityGroupEgress", "AuthorizeSecurityGroupIngress", "CreateFirewallRule"),
            *("CreateNetworkAclEntry", "DeleteFirewallRule", "DeleteNetworkAclEntry"),
            *("DisassociateFirewallRuleGroup", "ModifySecurityGroupRules", "ReplaceNetworkAclAssociation"),
            *("ReplaceNetworkAclEntry", "UpdateFirewallConfig", "UpdateFirewallDomains", "UpdateFirewallRule"),
            *("UpdateFirewallRuleGroupAssociation",),
        ),
    ),
)

ROOT_USE = (
    '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }'
)
"""CIS AWS Foundations Benchmark v3.0, 4.3."""


class TrailWatch(Construct):
    """A metric filter on the trail's log group for each thing watched, and its alarm."""

    def __init__(self, scope: Construct, id: str, *, namespace: str, log_group: LogGroup, topic: AlarmTopic) -> None:
        """Make filters and alarms.

        Args:
            scope: construct above.
            id: id within it.
            namespace: namespace of the metrics.
            log_group: log group of the trail.
            topic: where alarms go.
        """
        super().__init__(scope, id)
        self._namespace, self._log_group, self._topic = namespace, log_group, topic
        for watched in WATCHED:
            self._watch(watched.title, watched.why, watched.pattern)
        self._watch("RootUse", "the account's root user did something", ROOT_USE)

    def _watch(self, title: str, why: str, pattern: str) -> None:
        Resource(
            self,
            f"{title}Filter",
            "AWS::Logs::MetricFilter",
            {
                "LogGroupName": self._log_group.name,
                "FilterPattern": pattern,
                "MetricTransformations": [
                    {"MetricNamespace": self._namespace, "MetricName": title, "MetricValue": "1", "DefaultValue": 0}
                ],
            },
        )
        Alarm(
            self,
            title,
            topic=self._topic,
            description=f"{why}; the trail's log group {self._namespace} has the event",
            metric=(self._namespace, title),
            at_least=1,
        )
