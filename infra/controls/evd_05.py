"""EVD-05: what models are asked and answer is recorded, in every modality, and recorded again if someone stops it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.controls.claims import Claim, judged
from infra.controls.finding import Finding, falls_short, unknown
from infra.controls.framework import control
from infra.controls.rights import may, role_named, trusts
from infra.controls.simulation import Beyond, Call, Run, simulate
from infra.unknown import Maybe, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.posture.aws.workflows import Schedule, StateMachine
    from infra.posture.model import Posture
    from infra.settings import Enclave

SDK = ":states:::aws-sdk:bedrock:"
GET_LOGGING, PUT_LOGGING = "getModelInvocationLoggingConfiguration", "putModelInvocationLoggingConfiguration"
GET_RETENTION, PUT_RETENTION = "getAccountDataRetention", "putAccountDataRetention"
# PutModelInvocationLoggingConfiguration, PutAccountDataRetention of botocore 1.44.5, read 2026-11-24.
MODALITIES = ("Audio", "Embedding", "Image", "Text", "Video")
OTHER_MODES = ("default", "aws_review", "provider_data_share", "inherit")
Claims = list[Claim]
HELD = "invocations are recorded and nothing is retained"
KEEPER = (
    "deploy a state machine that puts invocation logging and data retention, and an ENABLED schedule that starts it: "
    "the settings keeper of the Inference stack"
)
START = "start the settings keeper's state machine, and mend what its last execution failed of; it has to"
TO_OWN = (
    "name a log group of the enclave with a KMS key and a retention, or a bucket of it with Object Lock, in "
    "CloudWatchConfig and S3Config, and no other"
)
RUN = "wait for the settings keeper's schedule, and mend what its last execution failed of; none may fail"
COMPARE = "compare this in the Choice that takes what it read for right, and put the whole configuration otherwise:"
SCHEDULE = (
    "let an AWS::Scheduler::Schedule start it: ENABLED, a rate or cron expression, no StartDate or EndDate, and a role "
    "that scheduler.amazonaws.com may take for its group and that may call states:StartExecution on the machine"
)


@control(
    "EVD-05",
    title="invocation logging on, all modalities, kept on if someone turns it off; no data retained by AWS",
    serves=["AU-2"],
    source="Bedrock guide, 'Monitor model invocation using CloudWatch Logs and S3', read 2026-11-24",
)
def invocations_are_recorded(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """The account's setting where an account was read; and the settings keeper, a state machine on a schedule.

    No template can set it, so the keeper is run: whatever it finds that differs, it must put right.
    """
    account = f"{settings.accounts.enclave}/{settings.region}"
    if posture.origin == "account":
        yield from judged(account, _actual(posture, account, settings), held=HELD)
    if not settings.account_baseline:
        if posture.origin == "templates":
            why = "invocation logging is kept by the enclave that owns the account's baseline"
            yield unknown(account, why, remedy="list an assumption for EVD-05 that another enclave owns the baseline")
        return
    candidates = [each for each in posture.state_machines if _may_keep(each)]
    for machine in candidates:
        try:
            wanted = _put(_run(machine, {}, "none"), PUT_LOGGING)
        except Beyond as why:
            yield unknown(machine, f"what it does: {why}")
            continue
        yield from judged(str(machine.ref), _keeper(machine, wanted or {}, posture), held=HELD)
    if not candidates:
        yield falls_short(account, "nothing puts invocation logging back", remedy=KEEPER)


def _may_keep(machine: StateMachine) -> bool:
    return isinstance(machine.definition, Unknown) or PUT_LOGGING in str(machine.definition)


def _actual(posture: Posture, account: str, settings: Enclave) -> Claims:
    """What is set in the enclave's own account; models are called in no other, the evidence account's is its own.

    Where another enclave owns the account's baseline, records go to destinations of that one, which it answers for.
    """
    loggings = [each for each in posture.invocation_loggings if str(each.place) == account]
    claims = [Claim("the account has invocation logging", bool(loggings), f"{START} put it")]
    for logging in loggings:
        claims += [
            Claim(f"the account records {name}", on, f"{START} set {name}DataDeliveryEnabled to true")
            for name, on in logging.modalities
        ]
        config = {
            "CloudWatchConfig": {"LogGroupName": logging.log_group},
            "S3Config": {"BucketName": logging.bucket},
        }
        if settings.account_baseline:
            claims += _destinations(config, posture)
    modes = [each.mode for each in posture.data_retentions if str(each.place) == account] or [""]
    none = all_of(_is(mode, "none") for mode in modes)
    witness = f"mode: {', '.join(str(mode) or 'not set' for mode in modes)}"
    return [*claims, Claim("the account's data retention is none", none, f"{START} put mode none", witness)]


def _succeeded(machine: StateMachine, posture: Posture) -> Claim:
    """Until the keeper has succeeded once, and whenever it failed last, nobody knows that it keeps anything."""
    ended = [each.status for each in posture.last_executions if each.machine_arn == machine.arn]
    succeeded = any_of(_is(status, "SUCCEEDED") for status in ended)
    witness = f"last execution: {', '.join(str(status) for status in ended) or 'none has ended'}"
    return Claim("its last execution succeeded", succeeded, RUN, witness)


def _keeper(machine: StateMachine, wanted: Mapping[str, Any], posture: Posture) -> Claims:
    logging = wanted.get("LoggingConfig", {})
    return [
        *(
            Claim(
                f"it records {name.lower()}",
                _is(logging.get(f"{name}DataDeliveryEnabled"), True),
                f"set {name}DataDeliveryEnabled to true in the configuration it puts",
            )
            for name in MODALITIES
        ),
        *_destinations(logging, posture),
        *_restores(machine, logging),
        *_rights(machine, logging, posture),
        *([_succeeded(machine, posture)] if posture.origin == "account" else []),
        Claim(
            "an enabled schedule starts it",
            any_of(_starts(each, machine, posture) for each in posture.schedules),
            SCHEDULE,
        ),
    ]


def _destinations(logging: Mapping[str, Any], posture: Posture) -> Claims:
    """Records go to an encrypted log group, a locked bucket or both, of the enclave, and nowhere else."""
    groups = {group.id: group.kms_key_id != "" and group.retention_days is not None for group in posture.log_groups}
    buckets = {bucket.id: bucket.object_lock for bucket in posture.buckets}
    logs, s3 = logging.get("CloudWatchConfig", {}), logging.get("S3Config", {})
    large = logs.get("LargeDataDeliveryS3Config", {}) if hasattr(logs, "get") else {}
    named = [
        (config.get(name, ""), known)
        for config, name, known in (
            (logs, "LogGroupName", groups),
            (s3, "BucketName", buckets),
            (large, "BucketName", buckets),
        )
        if hasattr(config, "get")
    ]
    given = [(name, known) for name, known in named if name]
    safe = all_of(name if isinstance(name, Unknown) else known.get(name, False) for name, known in given)
    return [Claim("records go to the enclave's encrypted log group or locked bucket", bool(given) and safe, TO_OWN)]


def _restores(machine: StateMachine, logging: Mapping[str, Any]) -> Claims:
    """Whatever differs is put back: nothing there, one thing gone, one thing changed."""
    claims: Claims = []
    for what, found in _differing(logging):
        put = _put(_run(machine, found, "none"), PUT_LOGGING)
        restored = put is not None and put.get("LoggingConfig") == logging
        claims.append(Claim(f"it puts logging back when {what}", restored, f"{COMPARE} {what.split(' is ')[0]}"))
    for mode in OTHER_MODES:
        put = _put(_run(machine, logging, mode), PUT_RETENTION)
        remedy = f"call {PUT_RETENTION} with Mode none whenever {GET_RETENTION} gives {mode}"
        claims.append(
            Claim(f"it puts retention back from {mode}", put is not None and put.get("Mode") == "none", remedy)
        )
    return claims


def _differing(wanted: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if not path:
        yield "there is none", {}
    for name, value in wanted.items():
        rest = {key: each for key, each in wanted.items() if key != name}
        yield f"{path}{name} is gone", rest
        if hasattr(value, "items"):
            yield from ((what, {**rest, name: inner}) for what, inner in _differing(value, f"{path}{name}."))
        else:
            other = not value if isinstance(value, bool) else f"{value}-other"
            yield f"{path}{name} is {other}", {**rest, name: other}


def _rights(machine: StateMachine, logging: Mapping[str, Any], posture: Posture) -> Claims:
    role = role_named(machine.role_arn, posture)
    if isinstance(role, Unknown):
        return [Claim("its role may put the settings", role, "give it a role of the enclave")]
    logs = logging.get("CloudWatchConfig", {})
    passed = logs.get("RoleArn", "") if hasattr(logs, "get") else ""
    claims: Claims = [
        Claim(
            "Step Functions may take its role",
            trusts(role, "states.amazonaws.com", machine.arn),
            "let states.amazonaws.com assume its role for this state machine's ARN",
        ),
        Claim(
            "its role may put logging",
            may(role, posture, f"bedrock:{PUT_LOGGING}", "*"),
            _allow("bedrock:PutModelInvocationLoggingConfiguration"),
        ),
        Claim(
            "its role may put retention none",
            may(role, posture, f"bedrock:{PUT_RETENTION}", "*", bedrock__DataRetentionMode="none"),
            _allow("bedrock:PutAccountDataRetention"),
        ),
    ]
    if passed:
        passing = may(role, posture, "iam:PassRole", str(passed), iam__PassedToService="bedrock.amazonaws.com")
        claims.append(Claim("its role may hand over the logging role", passing, _allow("iam:PassRole", "that role")))
    return claims


def _allow(action: str, resource: str = "*") -> str:
    return f"allow {action} on {resource} in its role's policies and in its permissions boundary, and deny it in none"


def _starts(schedule: Schedule, machine: StateMachine, posture: Posture) -> Maybe[bool]:
    """Whether a schedule keeps starting the machine: enabled, for ever, with a role that may."""
    mine = _is(schedule.target_arn, machine.arn)
    if mine is False:
        return False
    role = role_named(schedule.target_role_arn, posture)
    recurring = schedule.expression
    parts: list[Maybe[bool]] = [
        mine,
        _is(schedule.state, "ENABLED"),
        _is(schedule.end_date, ""),
        _is(schedule.start_date, ""),
        recurring if isinstance(recurring, Unknown) else recurring.startswith(("rate(", "cron(")),
        role if isinstance(role, Unknown) else trusts(role, "scheduler.amazonaws.com", schedule.group_arn),
        role if isinstance(role, Unknown) else may(role, posture, "states:StartExecution", machine.arn),
    ]
    return all_of(parts)


def _run(machine: StateMachine, logging: Mapping[str, Any], mode: str) -> Run:
    answers = {GET_LOGGING: {"LoggingConfig": logging} if logging else {}, GET_RETENTION: {"Mode": mode}}
    return simulate(machine.definition, lambda call: answers.get(call.resource.rpartition(SDK)[2], {}))


def _put(run: Run, operation: str) -> Any:
    """What an operation was called with last; None if it was not."""
    calls: list[Call] = [call for call in run.calls if call.resource.endswith(f"{SDK}{operation}")]
    return calls[-1].parameters if calls else None


def _is(value: Any, wanted: object) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value == wanted
