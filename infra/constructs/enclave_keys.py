"""The enclave's keys, one for each purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs import names
from infra.constructs.customer_key import READ, SERVICE, WRITE, CustomerKey, used_by_service, used_through
from infra.constructs.statement import EVERYTHING, Statement, allow, by_account

if TYPE_CHECKING:
    from infra.settings import Enclave


class EnclaveKeys(Construct):
    """Keys for logs, alarms, content (what models are asked and answer) and artefacts (what models are)."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, deployment_role: str) -> None:
        super().__init__(scope, id)
        of = f"of enclave {settings.name}"
        auditor, keeper, operator = (
            names.role_arn(settings, role) for role in ("auditor", "settings-keeper", "operator")
        )
        hosting = names.role_arn(settings, "hosting-*")  # CloudFormation names it after its stack
        self.logs = CustomerKey(
            self,
            "Logs",
            settings=settings,
            deployment_role=deployment_role,
            purpose=f"log groups {of}",
            uses=[_by_log_groups(settings)],
        )
        self.topic = CustomerKey(
            self,
            "Topic",
            settings=settings,
            deployment_role=deployment_role,
            purpose=f"alarms {of}",
            uses=[
                *_by_alarms(settings),
                used_through("UsedByKeeper", ["sns"], WRITE, settings=settings, roles=[keeper]),
            ],
        )
        self.data = CustomerKey(
            self,
            "Data",
            settings=settings,
            deployment_role=deployment_role,
            purpose=f"prompts, answers and guardrail {of}",
            uses=[
                _by_invocation_logging(settings),
                used_through("ReadByAuditor", ["s3"], READ, settings=settings, roles=[auditor]),
                used_through("CapturedByHosting", ["s3"], WRITE, settings=settings, roles=[hosting]),
                used_through("UsedForGuardrailAndVolumes", ["bedrock", "sagemaker"], WRITE, settings=settings),
                _granted_to_services(settings, ["bedrock", "sagemaker"]),
            ],
        )
        self.artifacts = CustomerKey(
            self,
            "Artifacts",
            settings=settings,
            deployment_role=deployment_role,
            purpose=f"model artefacts {of}",
            uses=[
                used_through("StoredByOperator", ["s3"], WRITE, settings=settings, roles=[operator]),
                used_through("FetchedByHosting", ["s3"], READ, settings=settings, roles=[hosting]),
            ],
        )


def _by_log_groups(settings: Enclave) -> Statement:
    """CloudWatch Logs, for the enclave's log groups; a group's own ARN here would be a cycle.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, read 2026-11-24.
    """
    return used_by_service(
        "UsedByLogGroups",
        names.host(settings, "logs"),
        SERVICE,
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": names.log_group_arns(settings)}},
    )


def _by_alarms(settings: Enclave) -> list[Statement]:
    """CloudWatch, for this account's alarms, and EventBridge, which supports no source condition on a key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html, read 2026-11-24.
    """
    account = settings.accounts.enclave
    alarms = names.arn(settings, "cloudwatch", "alarm:*")
    return [
        used_by_service(
            "UsedByAlarms",
            "cloudwatch.amazonaws.com",
            WRITE,
            {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": alarms}},
        ),
        used_by_service("UsedByRules", "events.amazonaws.com", WRITE),
    ]


def _by_invocation_logging(settings: Enclave) -> Statement:
    """Bedrock, for the records of invocations it writes to S3.

    https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html, read 2026-11-24.
    """
    return used_by_service(
        "UsedByInvocationLogging",
        "bedrock.amazonaws.com",
        ["kms:GenerateDataKey"],
        {
            "StringEquals": {"aws:SourceAccount": settings.accounts.enclave},
            "ArnLike": {"aws:SourceArn": names.bedrock_arn(settings)},
        },
    )


def _granted_to_services(settings: Enclave, services: list[str]) -> Statement:
    """Let a service that keeps data for the caller have a grant of its own: guardrails, endpoint volumes."""
    account = settings.accounts.enclave
    return allow(
        "GrantedToServices",
        ["kms:CreateGrant"],
        EVERYTHING,
        principal=by_account(settings.partition, account),
        conditions={
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": {
                "kms:CallerAccount": account,
                "kms:ViaService": [names.host(settings, service) for service in sorted(services)],
            },
        },
    )
