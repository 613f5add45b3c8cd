"""A log group under the enclave's key, retained and protected from deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.constructs import names
from infra.constructs.log_delivery import DELIVERY

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms

    from infra.settings import Enclave


class EnclaveLog(logs.LogGroup):
    """A log group that keeps its events for the declared days, whatever becomes of the stack.

    Its name is CloudFormation's, so that a group left over from an earlier stack stands in nobody's way; the key's
    policy knows it by the stack's name in front.
    """

    def __init__(self, scope: Construct, id: str, *, key: kms.IKey, retention_days: int) -> None:
        """Make the group; `retention_days` must be one of those CloudWatch Logs allows."""
        super().__init__(
            scope,
            id,
            encryption_key=key,
            deletion_protection_enabled=True,
            removal_policy=RemovalPolicy.RETAIN,
        )
        cast("logs.CfnLogGroup", self.node.default_child).retention_in_days = retention_days

    def streams(self, prefix: str = "") -> str:
        """The ARN of its streams that start with `prefix`; the group's own ARN ends in `:*`, which does not nest."""
        stack = Stack.of(self)
        where = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}"
        return f"{where}:log-group:{self.log_group_name}:log-stream:{prefix}*"


class LogDeliveryPolicy(Construct):
    """Lets the log delivery service of this account write to some log groups.

    Without it the service writes a policy of its own, of which a region takes ten
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html, read 2026-11-24).
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, groups: list[EnclaveLog]) -> None:
        super().__init__(scope, id)
        document = iam.PolicyDocument(
            statements=[
                iam.PolicyStatement(
                    sid="AWSLogDeliveryWrite",
                    principals=[iam.ServicePrincipal(DELIVERY)],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[group.streams() for group in groups],
                    conditions={
                        "StringEquals": {"aws:SourceAccount": settings.accounts.enclave},
                        "ArnLike": {"aws:SourceArn": names.log_delivery_arn(settings)},
                    },
                )
            ]
        )
        self.resource = logs.CfnResourcePolicy(
            self,
            "Resource",
            policy_name=f"{settings.name}-log-delivery",
            policy_document=Stack.of(self).to_json_string(document.to_json()),
        )
