"""The ceiling over every role of the enclave: what no role may ever do, whatever is attached to it later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.constructs import role_actions
from infra.constructs.role import ManagedPolicy
from infra.constructs.statement import EVERYTHING, allow, deny

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave

# Refused by name as well, since a resource policy that names a session is stopped by an explicit Deny alone.
IAM_WRITES = (
    *("iam:Add*", "iam:Attach*", "iam:Create*", "iam:Deactivate*", "iam:Delete*", "iam:Detach*", "iam:Enable*"),
    *("iam:Put*", "iam:Remove*", "iam:Set*", "iam:Tag*", "iam:Untag*", "iam:Update*", "iam:Upload*"),
    *("sts:AssumeRole", "sts:AssumeRoot", "organizations:LeaveOrganization"),
)
SAFEGUARD_WRITES = (
    *("bedrock:CreateGuardrail*", "bedrock:Delete*", "bedrock:UpdateGuardrail"),
    *("bedrock:PutEnforcedGuardrailConfiguration", "bedrock:PutResourcePolicy"),
    *("cloudtrail:Delete*", "cloudtrail:Put*", "cloudtrail:Stop*", "cloudtrail:Update*"),
    *("kms:Disable*", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
    *("logs:Associate*", "logs:DeleteLogGroup", "logs:DeleteLogStream", "logs:DeleteRetentionPolicy"),
    *("logs:DisassociateKmsKey", "logs:PutRetentionPolicy"),
    *("s3:BypassGovernanceRetention", "s3:Delete*", "s3:PutBucket*", "s3:PutEncryptionConfiguration"),
    *("s3:PutLifecycleConfiguration", "s3:PutObjectRetention", "s3:PutReplicationConfiguration"),
)


class PermissionsBoundary(ManagedPolicy):
    """A managed policy that every role of the enclave carries as its permissions boundary.

    It grants nothing by itself. A role can do what its own policies and this one both allow, so an action that no role
    needs is out of reach of all, AWS's services of next year included. And no role can ever do what this one denies:
    change IAM, take another role, weaken a safeguard or its evidence, or reach a model without a guardrail.
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave) -> None:
        regions = sorted({settings.region, *(name for model in settings.models for name in model.destinations)})
        super().__init__(
            scope,
            id,
            description="ceiling over every role of the enclave; grants nothing by itself",
            statements=[
                allow("Ceiling", sorted(role_actions.ALL), EVERYTHING),
                deny("NoEscalation", sorted(IAM_WRITES)),
                deny(
                    "RolesGoToBedrockOnly",
                    ["iam:PassRole"],
                    conditions={"StringNotEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
                ),
                deny("SafeguardsStay", sorted(SAFEGUARD_WRITES)),
                deny("NoOtherPlane", refused_planes()),
                deny(
                    "NoModelWithoutGuardrail",
                    ["bedrock:InvokeModel*"],
                    conditions={"Null": {"bedrock:GuardrailIdentifier": "true"}},
                ),
                deny(
                    "DeclaredRegionsOnly",
                    ["bedrock:*", "sagemaker:*"],
                    conditions={"StringNotEquals": {"aws:RequestedRegion": regions}},
                ),
            ],
        )


def refused_planes() -> list[str]:
    """IAM patterns of every way to make a model answer that the catalogue refuses."""
    return sorted({pattern for plane in catalog.planes() if plane.verdict == "refused" for pattern in plane.patterns})
