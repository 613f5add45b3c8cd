"""The trail: who did what in the account, in every region, delivered as evidence and to a log group for alarms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Duration
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.log_delivery import CLOUDTRAIL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_s3 as s3

    from infra.constructs.enclave_log import EnclaveLog

Field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty

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


class Trail(Construct):
    """A multi-region trail with log file validation: management, Bedrock and S3 data events."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        name: str,
        evidence: s3.IBucket,
        key: str,
        log_group: EnclaveLog,
        watched: Mapping[str, s3.IBucket],
    ) -> None:
        """Make the trail.

        Args:
            scope: construct above.
            id: id within it.
            name: name of the trail, which the policies of bucket and key know it by.
            evidence: bucket it delivers to, whose policy lets it.
            key: ARN of the key, or of its alias, that encrypts what it delivers.
            log_group: where alarms look.
            watched: buckets whose every object call is recorded, by a word for each.
        """
        super().__init__(scope, id)
        role = TrailRole(self, "Role", log_group=log_group)
        self.resource = cloudtrail.CfnTrail(
            self,
            "Resource",
            trail_name=name,
            is_logging=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            s3_bucket_name=evidence.bucket_name,
            kms_key_id=key,
            cloud_watch_logs_log_group_arn=log_group.log_group_arn,
            cloud_watch_logs_role_arn=role.role.role_arn,
            advanced_event_selectors=[
                _selector("management events", {"eventCategory": ["Management"]}),
                *(
                    _selector(f"data events of {kind}", {"eventCategory": ["Data"], "resources.type": [kind]})
                    for kind in BEDROCK_DATA
                ),
                *(_objects(word, bucket) for word, bucket in sorted(watched.items())),
                _evidence(evidence),
            ],
        )
        # CloudTrail tries the role when the trail is made, and refuses one whose policy is not there yet.
        self.resource.node.add_dependency(role.policy)


class TrailRole(Construct):
    """The role the trail writes to its log group with.

    Its trust names the service alone: CloudTrail sends neither `aws:SourceArn` nor `aws:SourceAccount` for it
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html,
    read 2026-11-24). It can do nothing but write to one log group.
    """

    def __init__(self, scope: Construct, id: str, *, log_group: EnclaveLog) -> None:
        super().__init__(scope, id)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            statements=[
                iam.PolicyStatement(
                    sid="WriteEvents",
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[log_group.streams(f"{log_group.env.account}_CloudTrail_{log_group.env.region}")],
                )
            ],
        )
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(CLOUDTRAIL),
            managed_policies=[self.policy],
            max_session_duration=Duration.hours(1),
        )


def _objects(word: str, bucket: s3.IBucket) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    return _selector(
        f"object calls on {word}",
        {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]},
        Field(field="resources.ARN", starts_with=[bucket.arn_for_objects("")]),
    )


def _evidence(bucket: s3.IBucket) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    """Every call on evidence but uploads: the trail's own would each make another."""
    return _selector(
        "object calls on evidence, uploads apart",
        {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]},
        Field(field="resources.ARN", starts_with=[bucket.arn_for_objects("")]),
        Field(field="eventName", not_equals=["PutObject"]),
    )


def _selector(
    name: str, equals: dict[str, list[str]], *narrower: Field
) -> cloudtrail.CfnTrail.AdvancedEventSelectorProperty:
    fields = [Field(field=field, equal_to=values) for field, values in equals.items()]
    return cloudtrail.CfnTrail.AdvancedEventSelectorProperty(name=name, field_selectors=[*fields, *narrower])
