"""What is watched around inference: changes to its safeguards, interventions, and the keeper's health."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.alarm import Alarm
from infra.constructs.change_watch import Change, ChangeWatch
from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from infra.constructs.alarm_topic import AlarmTopic
    from infra.constructs.guardrail import Guardrail
    from infra.constructs.keeper_triggers import KeeperTriggers
    from infra.constructs.log_group import LogGroup
    from infra.constructs.settings_keeper import SettingsKeeper
    from infra.settings import Enclave

# Calls that change a safeguard of inference, for the whole account and region: any of them may open a way round.
BEDROCK_CHANGES = (
    Change(
        "Guardrails",
        "bedrock",
        ("CreateGuardrail", "CreateGuardrailVersion", "DeleteGuardrail", "UpdateGuardrail"),
    ),
    Change(
        "Enforcement",
        "bedrock",
        ("DeleteEnforcedGuardrailConfiguration", "PutEnforcedGuardrailConfiguration"),
    ),
    Change(
        "AccountSettings",
        "bedrock",
        (
            "DeleteModelInvocationLoggingConfiguration",
            "PutAccountDataRetention",
            "PutModelInvocationLoggingConfiguration",
        ),
    ),
    Change("ResourcePolicies", "bedrock", ("DeleteResourcePolicy", "PutResourcePolicy")),
    Change(
        "ModelsBesideTheList",
        "bedrock",
        (
            "CreateCustomModel",
            "CreateCustomModelDeployment",
            "CreateFoundationModelAgreement",
            "CreateInferenceProfile",
            "CreateMarketplaceModelEndpoint",
            "CreateModelImportJob",
            "CreatePromptRouter",
            "CreateProvisionedModelThroughput",
            "PutFoundationModelEntitlement",
            "PutUseCaseForModelAccess",
            "RegisterMarketplaceModelEndpoint",
        ),
    ),
)


class SafeguardWatch(Construct):
    """Tells the alarm topic of every change to guardrails, enforcement, account settings, policies and endpoints."""

    def __init__(self, scope: Construct, id: str, *, settings: Enclave, topic: AlarmTopic) -> None:
        super().__init__(scope, id)
        names = [{"prefix": f"{settings.name}-"}]
        account = settings.accounts.enclave
        policies = [{"prefix": f"arn:{settings.partition}:iam::{account}:policy/{settings.name}-"}]
        ChangeWatch(
            self,
            "Changes",
            topic=topic,
            changes=(
                *BEDROCK_CHANGES,
                # IAM's events reach EventBridge only in the partition's IAM region (us-gov-west-1 in GovCloud). The
                # trail's metric filter covers the others.
                Change(
                    "Policies",
                    "iam",
                    ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion"),
                    {"policyArn": policies},
                ),
                Change(
                    "Roles",
                    "iam",
                    (
                        "AttachRolePolicy",
                        "CreateRole",
                        "DeleteRole",
                        "DeleteRolePermissionsBoundary",
                        "DeleteRolePolicy",
                        "DetachRolePolicy",
                        "PutRolePermissionsBoundary",
                        "PutRolePolicy",
                        "UpdateAssumeRolePolicy",
                        "UpdateRole",
                    ),
                    {"roleName": names},
                ),
                Change("Endpoints", "ec2", ("CreateVpcEndpoint", "DeleteVpcEndpoints", "ModifyVpcEndpoint")),
                Change(
                    "Rules",
                    "events",
                    ("DeleteRule", "DisableRule", "PutRule"),
                    {"name": names},
                ),
                Change("RuleTargets", "events", ("PutTargets", "RemoveTargets"), {"rule": names}),
                Change("Alarms", "monitoring", ("DeleteAlarms", "DisableAlarmActions"), {"alarmNames": names}),
                Change("AlarmRules", "monitoring", ("PutMetricAlarm",), {"alarmName": names}),
                Change(
                    "AlarmTopic",
                    "sns",
                    ("AddPermission", "DeleteTopic", "RemovePermission", "SetTopicAttributes", "Subscribe"),
                    {"topicArn": [topic.arn]},
                ),
            ),
        )


class InterventionWatch(Construct):
    """Alarms when the guardrail intervenes: at once for a denied topic, and for many interventions of any kind."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        guardrail: Guardrail,
        invocation_log: LogGroup,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, id)
        # AWS's metrics count ApplyGuardrail:
        # https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-guardrails-cw-metrics.html, read 2026-11-24
        service = ("AWS/Bedrock/Guardrails", "InvocationsIntervened")
        Alarm(
            self,
            "DeniedTopic",
            topic=topic,
            description="the guardrail blocked a denied topic of the agreement",
            metric=service,
            dimensions={"GuardrailPolicyType": "TopicPolicy"},
            at_least=1,
        )
        Alarm(
            self,
            "Interventions",
            topic=topic,
            description="the guardrail intervened ten times or more in five minutes",
            metric=service,
            dimensions={"GuardrailArn": guardrail.arn, "GuardrailVersion": guardrail.version},
            at_least=10,
        )
        # What direct calls (Converse, InvokeModel) meet shows in the invocation log; a plain term finds it whether
        # the body says `"stopReason": "guardrail_intervened"` or `"amazon-bedrock-guardrailAction": "INTERVENED"`.
        namespace, name = f"Sallyport/{settings.name}", "GuardrailInterventions"
        self.metric_filter = Resource(
            self,
            "InvocationFilter",
            "AWS::Logs::MetricFilter",
            {
                "LogGroupName": invocation_log.name,
                "FilterPattern": "?INTERVENED ?guardrail_intervened",
                "MetricTransformations": [
                    {"MetricNamespace": namespace, "MetricName": name, "MetricValue": "1", "DefaultValue": 0}
                ],
            },
        )
        Alarm(
            self,
            "InvocationsIntervened",
            topic=topic,
            description="the guardrail intervened in direct inference",
            metric=(namespace, name),
            at_least=1,
        )


class KeeperWatch(Construct):
    """Alarms when the settings keeper fails, stops running, cannot be started, or is changed."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        keeper: SettingsKeeper,
        triggers: KeeperTriggers,
        topic: AlarmTopic,
    ) -> None:
        super().__init__(scope, id)
        machine = {"StateMachineArn": keeper.machine_arn}
        for metric, words in (
            ("ExecutionsAborted", "was stopped"),
            ("ExecutionsFailed", "could not keep a setting, or the account lacks it"),
            ("ExecutionsTimedOut", "took too long"),
        ):
            Alarm(
                self,
                metric,
                topic=topic,
                description=f"the settings keeper {words}",
                metric=("AWS/States", metric),
                dimensions=machine,
                at_least=1,
            )
        Alarm(
            self,
            "NotRunning",
            topic=topic,
            description="the settings keeper has not succeeded for an hour; it should every fifteen minutes",
            metric=("AWS/States", "ExecutionsSucceeded"),
            dimensions=machine,
            below=1,
            period_seconds=3600,
        )
        # What a target answers with an error is counted by the one; what gives up, with or without having called it (a
        # role that cannot be taken on), by the other:
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html, read 2026-11-24
        for failure, metric, words in (
            ("ScheduleFailed", "TargetErrorCount", "could not start"),
            ("ScheduleDropped", "InvocationDroppedCount", "gave up starting"),
        ):
            Alarm(
                self,
                failure,
                topic=topic,
                description=f"the schedule {words} the settings keeper",
                metric=("AWS/Scheduler", metric),
                dimensions={"ScheduleGroup": triggers.group_name},
                at_least=1,
            )
        Alarm(
            self,
            "RuleFailed",
            topic=topic,
            description="the change rule could not start the settings keeper",
            metric=("AWS/Events", "FailedInvocations"),
            dimensions={"RuleName": triggers.rule_name},
            at_least=1,
        )
        ChangeWatch(
            self,
            "Changes",
            topic=topic,
            changes=(
                Change(
                    "Machine",
                    "states",
                    ("DeleteStateMachine", "UpdateStateMachine"),
                    {"stateMachineArn": [keeper.arn]},
                ),
                Change(
                    "Stopped",
                    "states",
                    ("StopExecution",),
                    {"executionArn": [{"prefix": keeper.arn.replace(":stateMachine:", ":execution:") + ":"}]},
                ),
                Change(
                    "Schedule",
                    "scheduler",
                    ("DeleteSchedule", "UpdateSchedule"),
                    {"groupName": [triggers.group_name]},
                ),
                Change("ScheduleGroup", "scheduler", ("DeleteScheduleGroup",), {"name": [triggers.group_name]}),
            ),
        )


class DeliveryWatch(Construct):
    """Alarms when an invocation record could not be delivered; Bedrock publishes these without a dimension."""

    def __init__(self, scope: Construct, id: str, *, topic: AlarmTopic) -> None:
        super().__init__(scope, id)
        # https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring.html, read 2026-11-24
        for metric in (
            "ModelInvocationLargeDataS3DeliveryFailure",
            "ModelInvocationLogsCloudWatchDeliveryFailure",
            "ModelInvocationLogsS3DeliveryFailure",
        ):
            Alarm(
                self,
                metric,
                topic=topic,
                description=f"an invocation record was lost: {metric}",
                metric=("AWS/Bedrock", metric),
                at_least=1,
            )
