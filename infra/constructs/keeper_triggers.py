"""What starts the settings keeper: a schedule, and any change to the settings it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_scheduler as scheduler
from constructs import Construct

from infra.constructs import role_actions
from infra.constructs.service_role import ServiceRole

if TYPE_CHECKING:
    from infra.constructs.settings_keeper import SettingsKeeper

EVERY = "rate(15 minutes)"
KEPT_CALLS = (
    "DeleteModelInvocationLoggingConfiguration",
    "PutAccountDataRetention",
    "PutModelInvocationLoggingConfiguration",
)


class KeeperTriggers(Construct):
    """A schedule of its own group, and a rule on the calls that change what is kept, the keeper's own left out."""

    def __init__(self, scope: Construct, id: str, *, keeper: SettingsKeeper) -> None:
        super().__init__(scope, id)
        start = [iam.PolicyStatement(sid="Start", actions=list(role_actions.START_WORKFLOW), resources=[keeper.arn])]
        self.group = scheduler.CfnScheduleGroup(self, "Group")
        # Scheduler puts the schedule's *group* into aws:SourceArn, never the schedule:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html,
        # read 2026-11-24
        self.schedule_role = ServiceRole(
            self,
            "ScheduleRole",
            service="scheduler.amazonaws.com",
            source_arn=self.group.attr_arn,
            statements=start,
        ).role
        self.schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            description=f"starts {keeper.name}",
            group_name=self.group.ref,
            schedule_expression=EVERY,
            flexible_time_window={"mode": "OFF"},
            state="ENABLED",
            target={
                "arn": keeper.resource.attr_arn,
                "roleArn": self.schedule_role.role_arn,
                "retryPolicy": {"maximumEventAgeInSeconds": 600, "maximumRetryAttempts": 3},
            },
        )
        self.rule_role = ServiceRole(
            self,
            "RuleRole",
            service="events.amazonaws.com",
            # PutTargets tries whether the role can be taken on, and that it names the rule in doing so is stated
            # nowhere: a condition it does not meet would refuse the deployment.
            source_arn=None,
            statements=start,
        ).role
        self.rule = events.CfnRule(
            self,
            "Rule",
            description=f"starts {keeper.name} when someone else changes what it keeps",
            state="ENABLED",
            event_pattern={
                "source": ["aws.bedrock"],
                "detail-type": ["AWS API Call via CloudTrail"],
                "detail": {
                    "eventName": list(KEPT_CALLS),
                    # Without this the keeper's own puts would start it again. `exists: false` lets in callers that
                    # are no role session (root, an IAM user), for whom the field is missing and anything-but alone
                    # would not match.
                    "userIdentity": {
                        "sessionContext": {
                            "sessionIssuer": {"arn": [{"anything-but": [keeper.role.role_arn]}, {"exists": False}]}
                        }
                    },
                },
            },
            targets=[{"id": "Keeper", "arn": keeper.resource.attr_arn, "roleArn": self.rule_role.role_arn}],
        )
