"""Log groups under a customer-managed key: one that goes with its stack, and one that outlives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import RemovalPolicy

from infra.constructs import names
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.customer_key import CustomerKey
    from infra.settings import Enclave


class LogGroup(Resource):
    """A log group, encrypted and kept for so many days, that goes with its stack.

    A group with a fixed name that stayed behind would keep the stack from being deployed again. What must outlive a
    stack lies in Foundation.
    """

    PROTECTED = False

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, key: CustomerKey, name: str | None = None
    ) -> None:
        """Make the log group.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave; says how many days events are kept.
            key: key whose policy lets CloudWatch Logs use it for a group of this name.
            name: physical name, where a service or a policy asks for it; generated otherwise.
        """
        super().__init__(
            scope,
            id,
            "AWS::Logs::LogGroup",
            {
                "LogGroupName": name,
                "KmsKeyId": key.arn,
                "RetentionInDays": settings.retention.log_days,
                "DeletionProtectionEnabled": self.PROTECTED or None,
            },
            removal=RemovalPolicy.RETAIN if self.PROTECTED else RemovalPolicy.DESTROY,
        )
        self.name = self.physical_id
        self.arn = self.attribute("Arn")
        """Ends in `:*`, which takes in the streams."""
        self._settings = settings

    def streams(self, prefix: str = "") -> str:
        """The ARN of its streams that start with `prefix`; the group's own ARN ends in `:*`, which does not nest."""
        return f"{self.stream(prefix)}*"

    def stream(self, name: str) -> str:
        """The ARN of one stream."""
        return names.arn(self._settings, "logs", f"log-group:{self.name}:log-stream:{name}")


class EnclaveLog(LogGroup):
    """A log group that keeps its events for the declared days, whatever becomes of the stack, protected from deletion.

    Its name is CloudFormation's, so that a group left over from an earlier stack stands in nobody's way; the key's
    policy knows it by the stack's name in front.
    """

    PROTECTED = True
