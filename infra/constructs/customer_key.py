"""A customer-managed key whose policy lets nobody destroy it and only the deployment role change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from infra.constructs.deployment import deployment_role_arn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

ADMINISTRATION = (
    "kms:DescribeKey",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:RotateKeyOnDemand",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
)
"""What the account's IAM policies may grant. What stands nowhere in the key policy, nobody may do: no cryptography
beyond the uses named, no grant, and above all no ScheduleKeyDeletion, DisableKey or DeleteImportedKeyMaterial."""

READ = ("kms:Decrypt", "kms:DescribeKey")
WRITE = ("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*")
SERVICE = ("kms:Decrypt*", "kms:Describe*", "kms:Encrypt*", "kms:GenerateDataKey*", "kms:ReEncrypt*")


class CustomerKey(kms.Key):
    """One key for one purpose: rotated every year, retained, with the uses it is for and no other.

    A key that nobody may delete protects what it encrypts from crypto-shredding. Taking it down takes two steps,
    both visible: deploy a policy that allows it, then wait the 30 days of the pending window.
    """

    def __init__(self, scope: Construct, id: str, *, purpose: str, uses: Sequence[iam.PolicyStatement]) -> None:
        """Make the key.

        Args:
            scope: construct above.
            id: id within it.
            purpose: what the key encrypts, in a few words; its description.
            uses: statements of the key policy that allow its use.
        """
        super().__init__(
            scope,
            id,
            description=purpose,
            enable_key_rotation=True,
            rotation_period=Duration.days(365),
            pending_window=Duration.days(30),
            removal_policy=RemovalPolicy.RETAIN,
            policy=iam.PolicyDocument(statements=[*_administration(scope), *uses]),
        )


def used_by_service(
    sid: str, service: str, actions: Sequence[str], conditions: dict[str, Any] | None = None
) -> iam.PolicyStatement:
    """A use by an AWS service itself; `conditions` tie it to the resource that makes the service call."""
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.ServicePrincipal(service)],
        actions=list(actions),
        resources=["*"],
        conditions=conditions or {},
    )


def used_through(
    sid: str,
    services: Sequence[str],
    actions: Sequence[str],
    *,
    scope: Construct,
    account: str | None = None,
    roles: Sequence[str] = (),
) -> iam.PolicyStatement:
    """A use by IAM principals of one account, as far as their own policies allow it, and only through `services`.

    Args:
        sid: statement id.
        services: short names of the services that may call the key for the principal, such as `s3`.
        actions: KMS actions.
        scope: construct in the key's stack; tells region and DNS suffix.
        account: account of the principals; the key's own unless given.
        roles: ARNs, or patterns of ARNs, of the only roles that may; every principal of the account unless given.
    """
    stack = Stack.of(scope)
    via = [f"{service}.{stack.region}.{stack.url_suffix}" for service in services]
    owner = account or stack.account
    only = {"ArnLike": {"aws:PrincipalArn": list(roles)}} if roles else {}
    return iam.PolicyStatement(
        sid=sid,
        principals=[iam.AccountPrincipal(owner)],
        actions=list(actions),
        resources=["*"],
        conditions={"StringEquals": {"kms:CallerAccount": owner, "kms:ViaService": sorted(via)}, **only},
    )


def _administration(scope: Construct) -> tuple[iam.PolicyStatement, iam.PolicyStatement]:
    """IAM may grant administration; the policy itself is the deployment role's, with the root user as the way back.

    KMS refuses a key policy that its caller could not change again ("The new key policy will not allow you to update
    the key policy in the future"), and the caller is the deployment role.
    """
    stack = Stack.of(scope)
    root = f"arn:{stack.partition}:iam::{stack.account}:root"
    return (
        iam.PolicyStatement(
            sid="AdministrationByIam",
            principals=[iam.AccountPrincipal(stack.account)],
            actions=list(ADMINISTRATION),
            resources=["*"],
        ),
        iam.PolicyStatement(
            sid="ChangedByDeploymentAlone",
            principals=[iam.AccountPrincipal(stack.account)],
            actions=["kms:CreateAlias", "kms:DeleteAlias", "kms:PutKeyPolicy", "kms:UpdateAlias"],
            resources=["*"],
            conditions={"ArnEquals": {"aws:PrincipalArn": [deployment_role_arn(scope), root]}},
        ),
    )
