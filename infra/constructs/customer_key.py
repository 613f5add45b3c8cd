"""A customer-managed key whose policy lets nobody destroy it and only the deployment role change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy

from infra.constructs import names
from infra.constructs.resource import Resource
from infra.constructs.statement import EVERYTHING, Conditions, Statement, allow, by_account, by_service, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.settings import Enclave

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


class CustomerKey(Resource):
    """One key for one purpose: rotated every year, retained, with the uses it is for and no other.

    A key that nobody may delete protects what it encrypts from crypto-shredding. Taking it down takes two steps,
    both visible: deploy a policy that allows it, then wait the 30 days of the pending window.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        deployment_role: str,
        purpose: str,
        uses: Sequence[Statement],
        account: str | None = None,
    ) -> None:
        """Make the key.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            deployment_role: ARN of the only role that may change its policy.
            purpose: what the key encrypts, in a few words; its description.
            uses: statements of the key policy that allow its use.
            account: account it lies in; the enclave's unless given.
        """
        owner = account or settings.accounts.enclave
        super().__init__(
            scope,
            id,
            "AWS::KMS::Key",
            {
                "Description": purpose,
                "EnableKeyRotation": True,
                "RotationPeriodInDays": 365,
                "PendingWindowInDays": 30,
                "KeyPolicy": document([*_administration(settings.partition, owner, deployment_role), *uses]),
            },
            removal=RemovalPolicy.RETAIN,
        )
        self.arn = self.attribute("Arn")


def used_by_service(sid: str, service: str, actions: Sequence[str], conditions: Conditions | None = None) -> Statement:
    """A use by an AWS service itself; `conditions` tie it to the resource that makes the service call."""
    return allow(sid, actions, EVERYTHING, principal=by_service(service), conditions=conditions)


def used_through(
    sid: str,
    services: Sequence[str],
    actions: Sequence[str],
    *,
    settings: Enclave,
    roles: Sequence[str] = (),
) -> Statement:
    """A use by IAM principals of the enclave's account, as far as their own policies allow it, only through `services`.

    Args:
        sid: statement id.
        services: short names of the services that may call the key for the principal, such as `s3`.
        actions: KMS actions.
        settings: the enclave.
        roles: ARNs, or patterns of ARNs, of the only roles that may; every principal of the account unless given.
    """
    account = settings.accounts.enclave
    via = sorted(names.host(settings, service) for service in services)
    only = {"ArnLike": {"aws:PrincipalArn": list(roles)}} if roles else {}
    return allow(
        sid,
        actions,
        EVERYTHING,
        principal=by_account(settings.partition, account),
        conditions={"StringEquals": {"kms:CallerAccount": account, "kms:ViaService": via}, **only},
    )


def _administration(partition: str, account: str, deployment_role: str) -> tuple[Statement, Statement]:
    """IAM may grant administration; the policy itself is the deployment role's, with the root user as the way back.

    KMS refuses a key policy that its caller could not change again ("The new key policy will not allow you to update
    the key policy in the future"), and the caller is the deployment role.
    """
    owner = by_account(partition, account)
    root = f"arn:{partition}:iam::{account}:root"
    return (
        allow("AdministrationByIam", ADMINISTRATION, EVERYTHING, principal=owner),
        allow(
            "ChangedByDeploymentAlone",
            ["kms:CreateAlias", "kms:DeleteAlias", "kms:PutKeyPolicy", "kms:UpdateAlias"],
            EVERYTHING,
            principal=owner,
            conditions={"ArnEquals": {"aws:PrincipalArn": [deployment_role, root]}},
        ),
    )
