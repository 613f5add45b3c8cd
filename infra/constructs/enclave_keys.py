"""The enclave's keys, one for each purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra import catalog
from infra.constructs import names
from infra.constructs.customer_key import READ, SERVICE, WRITE, CustomerKey, used_by_service, used_through

if TYPE_CHECKING:
    from infra.settings import Enclave


class EnclaveKeys(Construct):
    """Keys for logs, alarms, content (what models are asked and answer) and artefacts (what models are)."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave) -> None:
        super().__init__(scope, id)
        of = f"of enclave {settings.name}"
        auditor, keeper, operator = (
            names.role_arn(settings, role) for role in ("auditor", "settings-keeper", "operator")
        )
        hosting = names.role_arn(settings, "hosting-*")  # CloudFormation names it after its stack
        self.logs = CustomerKey(self, "Logs", purpose=f"log groups {of}", uses=[_by_log_groups(settings)])
        self.topic = CustomerKey(
            self,
            "Topic",
            purpose=f"alarms {of}",
            uses=[
                *_by_alarms(settings),
                used_through("UsedByKeeper", ["sns"], WRITE, scope=self, roles=[keeper]),
            ],
        )
        self.data = CustomerKey(
            self,
            "Data",
            purpose=f"prompts, answers and guardrail {of}",
            uses=[
                _by_invocation_logging(settings),
                used_through("ReadByAuditor", ["s3"], READ, scope=self, roles=[auditor]),
                used_through("CapturedByHosting", ["s3"], WRITE, scope=self, roles=[hosting]),
                used_through("UsedForGuardrailAndVolumes", ["bedrock", "sagemaker"], WRITE, scope=self),
                _granted_to_services(self, ["bedrock", "sagemaker"]),
            ],
        )
        self.artifacts = CustomerKey(
            self,
            "Artifacts",
            purpose=f"model artefacts {of}",
            uses=[
                used_through("StoredByOperator", ["s3"], WRITE, scope=self, roles=[operator]),
                used_through("FetchedByHosting", ["s3"], READ, scope=self, roles=[hosting]),
            ],
        )


def _by_log_groups(settings: Enclave) -> iam.PolicyStatement:
    """CloudWatch Logs, for the enclave's log groups; a group's own ARN here would be a cycle.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html, read 2026-11-24.
    """
    suffix = catalog.partition(settings.partition).dns_suffix
    return used_by_service(
        "UsedByLogGroups",
        f"logs.{settings.region}.{suffix}",
        SERVICE,
        {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": names.log_group_arns(settings)}},
    )


def _by_alarms(settings: Enclave) -> list[iam.PolicyStatement]:
    """CloudWatch, for this account's alarms, and EventBridge, which supports no source condition on a key.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html, read 2026-11-24.
    """
    account = settings.accounts.enclave
    alarms = f"arn:{settings.partition}:cloudwatch:{settings.region}:{account}:alarm:*"
    return [
        used_by_service(
            "UsedByAlarms",
            "cloudwatch.amazonaws.com",
            WRITE,
            {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": alarms}},
        ),
        used_by_service("UsedByRules", "events.amazonaws.com", WRITE),
    ]


def _by_invocation_logging(settings: Enclave) -> iam.PolicyStatement:
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


def _granted_to_services(scope: Construct, services: list[str]) -> iam.PolicyStatement:
    """Let a service that keeps data for the caller have a grant of its own: guardrails, endpoint volumes."""
    stack = Stack.of(scope)
    return iam.PolicyStatement(
        sid="GrantedToServices",
        principals=[iam.AccountPrincipal(stack.account)],
        actions=["kms:CreateGrant"],
        resources=["*"],
        conditions={
            "Bool": {"kms:GrantIsForAWSResource": "true"},
            "StringEquals": {
                "kms:CallerAccount": stack.account,
                "kms:ViaService": [f"{service}.{stack.region}.{stack.url_suffix}" for service in sorted(services)],
            },
        },
    )
