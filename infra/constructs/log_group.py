"""A log group under a customer-managed key, with a retention, and a name that its service or a policy asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnDeletionPolicy
from aws_cdk import aws_logs as logs

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import Construct


class EncryptedLogGroup(logs.CfnLogGroup):
    """A named log group, encrypted and kept for so many days.

    It goes with its stack unless `retained`: a group with a fixed name that stayed behind would keep the stack from
    being deployed again. What must outlive a stack lies in Foundation.
    """

    def __init__(
        self, scope: Construct, id: str, *, key: kms.IKey, name: str, retention_days: int, retained: bool = False
    ) -> None:
        """Make the log group.

        Args:
            scope: construct above.
            id: id within it.
            key: key whose policy lets CloudWatch Logs use it for a group of this name.
            name: physical name.
            retention_days: how long events are kept; one of the values CloudWatch Logs takes.
            retained: whether it outlives its stack.
        """
        super().__init__(scope, id, log_group_name=name, kms_key_id=key.key_arn, retention_in_days=retention_days)
        policy = CfnDeletionPolicy.RETAIN_EXCEPT_ON_CREATE if retained else CfnDeletionPolicy.DELETE
        self.cfn_options.deletion_policy = policy
        self.cfn_options.update_replace_policy = CfnDeletionPolicy.RETAIN if retained else CfnDeletionPolicy.DELETE
