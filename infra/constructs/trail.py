"""The trail: who did what in the account, in every region, delivered as evidence and to a log group for alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names
from infra.constructs.log_delivery import CLOUDTRAIL
from infra.constructs.resource import Resource
from infra.constructs.service_role import ServiceRole
from infra.constructs.statement import allow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

    from infra.constructs.bucket import Bucket
    from infra.constructs.log_group import LogGroup
    from infra.constructs.resource import Properties
    from infra.constructs.role import ManagedPolicy
    from infra.settings import Enclave

BEDROCK_DATA = (
    "AWS::Bedrock::AgentAlias",
    "AWS::Bedrock::FlowAlias",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::InlineAgent",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::Model",
)
"""What Bedrock logs as data events; InvokeModel and Converse are management events already
(https://docs.aws.amazon.com/bedrock/latest/userguide/logging-using-cloudtrail.html, read 2026-11-24; that a trail in
GovCloud takes each of them is not verified)."""


class Trail(Resource):
    """A multi-region trail with log file validation: management, Bedrock and S3 data events."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: ManagedPolicy,
        evidence: Bucket,
        key: str,
        log_group: LogGroup,
        watched: Mapping[str, Bucket],
    ) -> None:
        """Make the trail.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            boundary: its permissions boundary.
            evidence: bucket it delivers to, whose policy lets it.
            key: ARN of the key, or of its alias, that encrypts what it delivers.
            log_group: where alarms look.
            watched: buckets whose every object call is recorded, by a word for each.
        """
        role = TrailRole(scope, f"{id}Role", settings=settings, boundary=boundary, log_group=log_group)
        super().__init__(
            scope,
            id,
            "AWS::CloudTrail::Trail",
            {
                "TrailName": names.trail_name(settings),
                "IsLogging": True,
                "IsMultiRegionTrail": True,
                "IncludeGlobalServiceEvents": True,
                "EnableLogFileValidation": True,
                "S3BucketName": evidence.name,
                "KMSKeyId": key,
                "CloudWatchLogsLogGroupArn": log_group.arn,
                "CloudWatchLogsRoleArn": role.arn,
                "AdvancedEventSelectors": [
                    _selector("management events", {"eventCategory": ["Management"]}),
                    *(
                        _selector(f"data events of {kind}", {"eventCategory": ["Data"], "resources.type": [kind]})
                        for kind in BEDROCK_DATA
                    ),
                    *(_objects(word, bucket) for word, bucket in sorted(watched.items())),
                    _evidence(evidence),
                ],
            },
        )
        self.arn = self.attribute("Arn")


class TrailRole(ServiceRole):
    """The role the trail writes to its log group with.

    Its trust names the service alone: CloudTrail sends neither `aws:SourceArn` nor `aws:SourceAccount` for it
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html,
    read 2026-11-24). It can do nothing but write to one log group.
    """

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, boundary: ManagedPolicy, log_group: LogGroup
    ) -> None:
        stream = f"{settings.accounts.enclave}_CloudTrail_{settings.region}"
        super().__init__(
            scope,
            id,
            boundary=boundary,
            service=CLOUDTRAIL,
            source={},
            statements=[
                allow("WriteEvents", ["logs:CreateLogStream", "logs:PutLogEvents"], [log_group.streams(stream)])
            ],
        )


def _objects(word: str, bucket: Bucket) -> Properties:
    return _selector(
        f"object calls on {word}",
        {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": [bucket.objects("")]},
    )


def _evidence(bucket: Bucket) -> Properties:
    """Every call on evidence but uploads: the trail's own would each make another."""
    return _selector(
        "object calls on evidence, uploads apart",
        {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": [bucket.objects("")]},
        {"Field": "eventName", "NotEquals": ["PutObject"]},
    )


def _selector(name: str, equals: dict[str, list[str]], *narrower: Properties) -> Properties:
    fields = [{"Field": field, "Equals": values} for field, values in equals.items()]
    return {"Name": name, "FieldSelectors": [*fields, *narrower]}
