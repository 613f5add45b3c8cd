"""EVD-06: whoever changes a guardrail, the trail or a policy is noticed, by an alarm that reaches somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.controls.watching import Event, Watch, delivers, watches
from infra.posture.values import Place
from infra.unknown import Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.alarms import Alarm
    from infra.posture.model import Posture
    from infra.settings import Enclave

# What CloudTrail calls the changes, by what is changed; the API references of the services, read 2026-11-24.
ACCOUNT_WIDE = {
    "guardrail change": ("bedrock", ("CreateGuardrailVersion", "DeleteGuardrail", "UpdateGuardrail")),
    "enforcement change": (
        "bedrock",
        ("DeleteEnforcedGuardrailConfiguration", "PutEnforcedGuardrailConfiguration"),
    ),
    "invocation logging change": (
        "bedrock",
        (
            "DeleteModelInvocationLoggingConfiguration",
            "PutAccountDataRetention",
            "PutModelInvocationLoggingConfiguration",
        ),
    ),
    "endpoint policy change": ("ec2", ("DeleteVpcEndpoints", "ModifyVpcEndpoint")),
}
OF_TRAIL = ("DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail")
OF_ROLE = (
    "AttachRolePolicy",
    "DeleteRolePermissionsBoundary",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "UpdateAssumeRolePolicy",
)
OF_POLICY = ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion")
OF_BUCKET = ("DeleteBucketPolicy", "PutBucketPolicy")
OF_KEY = ("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion")
REMEDY = "watch for {} with an enabled EventBridge rule, or a metric filter and its alarm, that tells the alarm topic"


@control(
    "EVD-06",
    title="alarms on guardrail change, trail change, policy change, each with an action that works",
    serves=["SI-4"],
    source="EventBridge guide, 'Events delivered via CloudTrail'; SNS guide, 'Key management', read 2026-11-24",
)
def changes_are_noticed(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every such change, tried as an event on all that watches; and every alarm there is."""
    watching = list(watches(posture))
    own = {settings.accounts.enclave}
    for name, events in _events(posture, settings).items():
        yield from _noticed(name, [each for each in events if each.place.account in own], watching)
        for account in sorted({each.place.account for each in events} - own):
            subject = f"{name} in account {account}"
            remedy = f"list an assumption for EVD-06 with subject {subject!r}, owned by whoever watches that account"
            yield unknown(subject, "no stack of the enclave there watches; others may", remedy=remedy)
    for alarm in posture.alarms:
        yield _acts(alarm, posture)


def _noticed(name: str, events: list[Event], watching: list[Watch]) -> Iterator[Finding]:
    fine = True
    for event in events:
        seen = any_of(watch(event) for watch in watching)
        if isinstance(seen, Unknown):
            yield unknown(name, f"whether {event} is noticed: {seen}")
        elif not seen:
            yield falls_short(name, f"nobody notices {event}", witness=event, remedy=REMEDY.format(event))
        fine = fine and seen is True
    if fine:
        yield holds(name, f"{len(events)} kinds of it are noticed" if events else "nothing there to change")


def _events(posture: Posture, settings: Enclave) -> dict[str, list[Event]]:
    """A sample of each change that counts, to each resource of the posture that it could be made to."""
    here = Place(settings.accounts.enclave, settings.region)
    found = {name: [Event.of(service, call, here) for call in calls] for name, (service, calls) in ACCOUNT_WIDE.items()}
    found["trail change"] = [
        Event.of("cloudtrail", call, trail.place, name=trail.id, trailName=trail.id)
        for trail in posture.trails
        for call in OF_TRAIL
    ]
    of_what = (
        ("iam", OF_ROLE, "roleName", [(role.place, role.id) for role in posture.roles]),
        ("iam", OF_POLICY, "policyArn", [(policy.place, policy.arn) for policy in posture.managed_policies]),
        ("s3", OF_BUCKET, "bucketName", [(bucket.place, bucket.id) for bucket in posture.buckets]),
        ("kms", OF_KEY, "keyId", [(key.place, name) for key in posture.keys for name in (key.id, key.arn)]),
    )
    found["policy change"] = [
        Event.of(service, call, place, **{parameter: name})
        for service, calls, parameter, named in of_what
        for place, name in named
        for call in calls
    ]
    return found


def _acts(alarm: Alarm, posture: Posture) -> Finding:
    """An alarm is enabled and tells a topic that takes what it says."""
    remedy = (
        "set ActionsEnabled to true, and AlarmActions to a topic whose policy and key let cloudwatch.amazonaws.com in"
    )
    if isinstance(alarm.actions_enabled, Unknown):
        return unknown(alarm, alarm.actions_enabled)
    if not alarm.actions_enabled:
        return falls_short(alarm, "its actions are disabled", witness="ActionsEnabled: false", remedy=remedy)
    works = any_of(delivers(action, "cloudwatch.amazonaws.com", alarm.arn, posture) for action in alarm.alarm_actions)
    if isinstance(works, Unknown):
        return unknown(alarm, f"whether its action reaches somebody: {works}")
    if not works:
        witness = ", ".join(map(str, alarm.alarm_actions)) or "no action"
        return falls_short(alarm, "no action of it reaches a topic that takes it", witness=witness, remedy=remedy)
    return holds(alarm, "it acts")
