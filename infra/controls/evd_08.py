"""EVD-08: what rules, alarms and schedules send arrives: nothing of it is lost without an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from infra.controls.admittance import acting_for, admits, key_admits
from infra.controls.claims import Claim, judged
from infra.controls.framework import control
from infra.controls.rights import may, role_named, trusts
from infra.controls.watching import USE_KEY, delivers
from infra.policy.decision import Request, decide
from infra.policy.document import Document
from infra.posture.aws.observability import log_group_arn
from infra.posture.aws.workflows import StateMachine
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from infra.controls.finding import Finding
    from infra.posture.aws.alarms import Alarm, Queue, Rule, RuleTarget, Topic
    from infra.posture.aws.iam import Role
    from infra.posture.aws.workflows import Schedule
    from infra.posture.model import Posture

EVENTS, ALARMS, SCHEDULER = "events.amazonaws.com", "cloudwatch.amazonaws.com", "scheduler.amazonaws.com"
# What a target is called with, by the service that its ARN names; EventBridge and Scheduler guides, read 2026-11-24.
CALLS = {
    "events": ("events:PutEvents",),
    "sns": ("sns:Publish",),
    "sqs": ("sqs:SendMessage",),
    "states": ("states:StartExecution",),
}
SENT = "what it sends arrives"
ADMIT = (
    "let {} {} in the policy of {}, and kms:GenerateDataKey and kms:Decrypt in the policy of its customer-managed key, "
    "there without a condition on the source for EventBridge, which names none to a key"
)
Claims = Iterator[Claim]


@control(
    "EVD-08",
    title="rules, alarms and schedules reach their targets and dead-letter queues: policies, keys and roles let them",
    serves=["SI-4"],
    source="EventBridge guide, 'Using resource-based policies'; SNS guide, 'Key management'; EventBridge Scheduler "
    "guide, 'Set up the execution role', read 2026-11-24",
)
def targets_are_reached(posture: Posture) -> Iterator[Finding]:
    """Every target of an enabled rule or schedule, what an enabled alarm does, which is something, and dead letters."""
    for rule in posture.rules:
        if rule.state != "DISABLED":
            yield from judged(rule, _rule(rule, posture), held=SENT)
    for alarm in posture.alarms:
        if alarm.actions_enabled is not False:
            yield from judged(alarm, _alarm(alarm, posture), held=SENT)
    for schedule in posture.schedules:
        if schedule.state != "DISABLED":
            yield from judged(schedule, _schedule(schedule, posture), held=SENT)


def _rule(rule: Rule, posture: Posture) -> Claims:
    yield Claim("it has a target", bool(rule.targets), "name a target of the enclave")
    for target in rule.targets:
        yield from _target(rule, target, posture)
        if target.dead_letters != "":
            sent = _queue_admits(target.dead_letters, EVENTS, rule.arn, posture)
            remedy = ADMIT.format(EVENTS, "call sqs:SendMessage", "the dead-letter queue")
            yield Claim(f"dead letters reach {target.dead_letters}", sent, remedy)


def _target(rule: Rule, target: RuleTarget, posture: Posture) -> Claims:
    arn = target.arn
    says = f"events reach {arn}"
    if isinstance(arn, Unknown):
        yield Claim("events reach their target", arn, "name a target of the enclave")
    elif target.role_arn != "":
        yield from _by_role(arn, target.role_arn, EVENTS, rule.arn, posture)
    else:
        match _service(arn):
            case "sns":
                reached = delivers(arn, EVENTS, rule.arn, posture)
            case "sqs":
                reached = _queue_admits(arn, EVENTS, rule.arn, posture)
            case "logs":
                reached = _log_group_admits(arn, rule, posture)
            case service:
                reached = Unknown(f"how a rule reaches a target of {service} is not judged here")
        yield Claim(says, reached, ADMIT.format(EVENTS, "publish or send", arn))


def _alarm(alarm: Alarm, posture: Posture) -> Claims:
    told = "name a topic in AlarmActions, or disable its actions if nobody is to be told"
    yield Claim("it tells someone when it goes off", bool(alarm.alarm_actions), told)
    for arn in (*alarm.alarm_actions, *alarm.ok_actions, *alarm.insufficient_data_actions):
        if isinstance(arn, Unknown) or _service(arn) == "sns":
            reached = delivers(arn, ALARMS, alarm.arn, posture)
        else:
            reached = Unknown(f"how an alarm reaches {arn} is not judged here")
        yield Claim(f"its state reaches {arn}", reached, ADMIT.format(ALARMS, "publish", str(arn)))


def _schedule(schedule: Schedule, posture: Posture) -> Claims:
    arn = schedule.target_arn
    if isinstance(arn, Unknown):
        yield Claim("it reaches its target", arn, "name a target of the enclave")
    else:
        yield from _by_role(arn, schedule.target_role_arn, SCHEDULER, schedule.group_arn, posture)
    if schedule.kms_key_arn != "":
        why = Unknown(f"how EventBridge Scheduler uses {schedule.kms_key_arn} is not judged here")
        yield Claim("its input can be read", why, "take its key away: Scheduler then encrypts with one of its own")
    if schedule.dead_letters != "":
        yield _dead_letters(schedule, posture)


def _dead_letters(schedule: Schedule, posture: Posture) -> Claim:
    """Scheduler sends with the schedule's role."""
    arn, role = schedule.dead_letters, role_named(schedule.target_role_arn, posture)
    sent: Maybe[bool]
    if isinstance(arn, Unknown):
        sent = arn
    elif isinstance(role, Unknown):
        sent = role
    else:
        sent = all_of([may(role, posture, "sqs:SendMessage", arn), _open_to(role, "sqs:SendMessage", arn, posture)])
    return Claim(f"dead letters reach {arn}", sent, "allow sqs:SendMessage on the queue in the schedule's role")


def _open_to(role: Role, action: str, arn: str, posture: Posture) -> Maybe[bool]:
    """Whether what is called is there, and asks nothing more of a role of the account than that its policies allow it.

    A key of the account's own and a policy that denies do; AWS's own key lets in whoever the service lets in.
    """
    kind = _service(arn)
    if kind == "events":
        return arn.endswith(":event-bus/default") or Unknown(f"bus {arn} was not read")  # the default is always there
    among: Mapping[str, tuple[StateMachine | Topic | Queue, ...]] = {
        "states": posture.state_machines,
        "sns": posture.topics,
        "sqs": posture.queues,
    }
    found = next((each for each in among[kind] if each.arn == arn), None)
    if found is None:
        return Unknown(f"{arn} was not read")
    if isinstance(found, StateMachine):
        return True  # who starts an execution needs nothing of the machine's key
    key = found.kms_key_id
    if isinstance(key, Unknown):
        return key
    if key and not key.rpartition(":")[2].startswith("alias/aws/"):
        return Unknown(f"how a role uses {key} is not judged here")
    context = {"aws:SecureTransport": ("true",), "aws:PrincipalArn": (role.arn,)}
    decision = decide([found.policy or Document(())], Request(action, arn, ("AWS", role.arn), context))
    return decision if isinstance(decision, Unknown) else decision != "denied"


def _by_role(arn: str, role_arn: Maybe[str], service: str, source: Maybe[str], posture: Posture) -> Claims:
    role = role_named(role_arn, posture)
    trusted = role if isinstance(role, Unknown) else trusts(role, service, source)
    yield Claim(f"{service} may take its role", trusted, f"let {service} assume the role, for {source}")
    actions = CALLS.get(_service(arn), ())
    allowed: Maybe[bool]
    if isinstance(role, Unknown):
        allowed = role
    elif ":aws-sdk:" in arn or not actions:
        allowed = Unknown(f"what a call of {arn} needs is not judged here")
    else:
        allowed = all_of(
            [*(may(role, posture, each, arn) for each in actions), _open_to(role, actions[0], arn, posture)]
        )
    yield Claim(f"its role may call {arn}", allowed, f"allow {' and '.join(actions)} on it in the role's policies")


def _queue_admits(arn: Maybe[str], service: str, source: str, posture: Posture) -> Maybe[bool]:
    if isinstance(arn, Unknown):
        return arn
    queue = next((each for each in posture.queues if each.arn == arn), None)
    if queue is None:
        return Unknown(f"the policy of queue {arn} was not read")
    context = acting_for(source, queue.place.account)
    known = {} if service == EVENTS else context
    sent = admits([queue.policy], service, ["sqs:SendMessage"], queue.arn, context)
    return all_of([sent, key_admits(queue.kms_key_id, service, USE_KEY, known, posture)])


def _log_group_admits(arn: str, rule: Rule, posture: Posture) -> Maybe[bool]:
    stream = f"{log_group_arn(arn)}:log-stream:any"
    policies = [each.document for each in posture.log_resource_policies if each.place == rule.place]
    context = acting_for(rule.arn, rule.place.account)
    return admits(policies, EVENTS, ["logs:CreateLogStream", "logs:PutLogEvents"], stream, context)


def _service(arn: str) -> str:
    return f"{arn}:::".split(":")[2]
