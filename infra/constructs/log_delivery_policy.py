"""Lets the log delivery service write to log groups of the enclave."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infra.constructs import names
from infra.constructs.log_delivery import DELIVERY
from infra.constructs.resource import Resource
from infra.constructs.statement import allow, by_service, document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.log_group import LogGroup
    from infra.settings import Enclave


class LogDeliveryPolicy(Resource):
    """The region's resource policy for the log delivery service of this account.

    Without it the service writes a policy of its own, of which a region takes ten
    (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html, read 2026-11-24).
    """

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, groups: Sequence[LogGroup]) -> None:
        delivery = allow(
            "AWSLogDeliveryWrite",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            [group.streams() for group in groups],
            principal=by_service(DELIVERY),
            conditions={
                "StringEquals": {"aws:SourceAccount": settings.accounts.enclave},
                "ArnLike": {"aws:SourceArn": names.log_delivery_arn(settings)},
            },
        )
        super().__init__(
            scope,
            id,
            "AWS::Logs::ResourcePolicy",
            {
                "PolicyName": f"{settings.name}-log-delivery",
                "PolicyDocument": json.dumps(document([delivery]), separators=(",", ":")),
            },
        )
