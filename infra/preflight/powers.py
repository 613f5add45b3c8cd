"""What gets round an enclave: rights that reach a model, or undo what the enclave rests on.

Names of actions: the service authorisation reference; a test compares them with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra import catalog

if TYPE_CHECKING:
    from infra.settings import Enclave


@dataclass(frozen=True, slots=True)
class Power:
    """Some rights of one effect.

    Attributes:
        does: what a principal that has one of them could do, as a report says it.
        actions: `service:Action`.
        resources: ARNs of what they would be used on, with `*` for what is generated; None where any will do.
    """

    does: str
    actions: tuple[str, ...]
    resources: tuple[str, ...] | None = None


def powers(settings: Enclave, deployers: tuple[str, ...]) -> tuple[Power, ...]:
    """Every power over an enclave; `deployers` are the ARNs of the bootstrap's roles."""
    account = f"arn:{settings.partition}:iam::{settings.accounts.enclave}"
    roles = tuple(f"{account}:role/{settings.name}-{name}" for name in ROLES)
    reaches = tuple(sorted({action for plane in catalog.planes() for action in plane.actions}))
    return (
        Power("reaches models", reaches),
        Power("passes the enclave's roles", ("iam:PassRole",), roles),
        Power("takes the bootstrap's roles", ("iam:PassRole", "sts:AssumeRole"), deployers),
        Power("undoes evidence", BUCKETS, (f"arn:{settings.partition}:s3:::{settings.name}-*",)),
        *(Power(does, actions) for does, actions in ANYWHERE.items()),
    )


ROLES = ("workload", "operator", "auditor", "settings-keeper")


def _of(service: str, names: str) -> tuple[str, ...]:
    return tuple(f"{service}:{name}" for name in names.split())


BUCKETS = _of("s3", "DeleteBucketPolicy PutBucketObjectLockConfiguration PutBucketPolicy PutLifecycleConfiguration")

ANYWHERE = {
    "grants rights": _of(
        "iam",
        "AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey CreateLoginProfile "
        "CreatePolicyVersion DeleteRolePermissionsBoundary DeleteRolePolicy DeleteUserPermissionsBoundary "
        "DetachRolePolicy PutGroupPolicy PutRolePermissionsBoundary PutRolePolicy PutUserPermissionsBoundary "
        "PutUserPolicy SetDefaultPolicyVersion UpdateAssumeRolePolicy UpdateLoginProfile UpdateSAMLProvider",
    ),
    "changes stacks": _of("cloudformation", "CreateChangeSet DeleteStack ExecuteChangeSet UpdateStack"),
    "undoes guardrails": _of(
        "bedrock",
        "DeleteEnforcedGuardrailConfiguration DeleteGuardrail PutEnforcedGuardrailConfiguration UpdateGuardrail",
    ),
    "undoes logging": (
        *_of(
            "bedrock",
            "DeleteModelInvocationLoggingConfiguration PutAccountDataRetention PutModelInvocationLoggingConfiguration",
        ),
        *_of("cloudtrail", "DeleteTrail PutEventSelectors StopLogging UpdateTrail"),
        *_of("ec2", "DeleteFlowLogs"),
        *_of("kms", "CancelKeyDeletion DisableKey PutKeyPolicy ScheduleKeyDeletion"),
        *_of("logs", "DeleteLogGroup DeleteLogStream DeleteResourcePolicy DisassociateKmsKey PutRetentionPolicy"),
        *_of("route53resolver", "DisassociateResolverQueryLogConfig"),
    ),
    "silences watches": (
        *_of("cloudwatch", "DeleteAlarms DisableAlarmActions PutMetricAlarm SetAlarmState"),
        *_of("events", "DeleteRule DisableRule PutRule PutTargets RemoveTargets"),
        *_of("logs", "DeleteMetricFilter PutMetricFilter"),
        *_of("scheduler", "DeleteSchedule UpdateSchedule"),
        *_of("sns", "DeleteTopic SetTopicAttributes Unsubscribe"),
        *_of("states", "DeleteStateMachine UpdateStateMachine"),
    ),
    "opens the network": (
        *_of(
            "ec2",
            "AttachInternetGateway AttachVpnGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress "
            "CreateNetworkAclEntry CreateRoute CreateTransitGatewayVpcAttachment CreateVpcEndpoint "
            "CreateVpcPeeringConnection DeleteVpcEndpoints ModifySecurityGroupRules "
            "ModifyVpcBlockPublicAccessOptions ModifyVpcEncryptionControl ModifyVpcEndpoint ReplaceNetworkAclEntry "
            "ReplaceRoute",
        ),
        *_of(
            "route53resolver",
            "DeleteFirewallRule DisassociateFirewallRuleGroup UpdateFirewallConfig UpdateFirewallDomains "
            "UpdateFirewallRule",
        ),
    ),
}
