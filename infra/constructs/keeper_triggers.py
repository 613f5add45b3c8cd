"""What starts the settings keeper: a schedule, and any change to the settings it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs import role_actions
from infra.constructs.resource import Resource
from infra.constructs.service_role import ServiceRole, acting_for
from infra.constructs.statement import allow

if TYPE_CHECKING:
    from infra.constructs.role import ManagedPolicy
    from infra.constructs.settings_keeper import SettingsKeeper
    from infra.settings import Enclave

EVERY = "rate(15 minutes)"
KEPT_CALLS = (
    "DeleteModelInvocationLoggingConfiguration",
    "PutAccountDataRetention",
    "PutModelInvocationLoggingConfiguration",
)


class KeeperTriggers(Construct):
    """A schedule of its own group, and a rule on the calls that change what is kept, the keeper's own left out."""

    def __init__(
        self, scope: Construct, id: str, *, settings: Enclave, boundary: ManagedPolicy, keeper: SettingsKeeper
    ) -> None:
        super().__init__(scope, id)
        start = [allow("Start", role_actions.START_WORKFLOW, [keeper.arn])]
        self.group = Resource(self, "Group", "AWS::Scheduler::ScheduleGroup", {})
        self.group_name = self.group.physical_id
        # Scheduler puts the schedule's *group* into aws:SourceArn, never the schedule:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html,
        # read 2026-11-24
        self.schedule_role = ServiceRole(
            self,
            "ScheduleRole",
            service="scheduler.amazonaws.com",
            boundary=boundary,
            source=acting_for(settings, self.group.attribute("Arn")),
            statements=start,
        )
        self.schedule = Resource(
            self,
            "Schedule",
            "AWS::Scheduler::Schedule",
            {
                "Description": f"starts {keeper.name}",
                "GroupName": self.group_name,
                "ScheduleExpression": EVERY,
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "State": "ENABLED",
                "Target": {
                    "Arn": keeper.machine_arn,
                    "RoleArn": self.schedule_role.arn,
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 3},
                },
            },
        )
        self.rule_role = ServiceRole(
            self,
            "RuleRole",
            service="events.amazonaws.com",
            # PutTargets tries whether the role can be taken on, and that it names the rule in doing so is stated
            # nowhere: a condition it does not meet would refuse the deployment.
            source=acting_for(settings, None),
            boundary=boundary,
            statements=start,
        )
        self.rule = Resource(
            self,
            "Rule",
            "AWS::Events::Rule",
            {
                "Description": f"starts {keeper.name} when someone else changes what it keeps",
                "State": "ENABLED",
                "EventPattern": {
                    "source": ["aws.bedrock"],
                    "detail-type": ["AWS API Call via CloudTrail"],
                    "detail": {
                        "eventName": list(KEPT_CALLS),
                        # Without this the keeper's own puts would start it again. `exists: false` lets in callers that
                        # are no role session (root, an IAM user), for whom the field is missing and anything-but alone
                        # would not match.
                        "userIdentity": {
                            "sessionContext": {
                                "sessionIssuer": {"arn": [{"anything-but": [keeper.role.arn]}, {"exists": False}]}
                            }
                        },
                    },
                },
                "Targets": [{"Id": "Keeper", "Arn": keeper.machine_arn, "RoleArn": self.rule_role.arn}],
            },
        )
        self.rule_name = self.rule.physical_id
