"""EventBridge Scheduler: schedules with all their properties, and a clock that really invokes their targets.

Sources: botocore 1.44.5's service model; the EventBridge Scheduler user guide and API reference, read
2026-11-24. A `rate` without a start date is invoked at once and then every period (user guide, "Rate-based
schedules"). A failed invocation is dropped, or goes to the dead-letter queue, without being tried again; metrics:
"Monitoring with CloudWatch" of the same guide.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.local import invocation, metrics, triggers
from infra.local.clock import CLOCK
from infra.local.operations import Call, check, kept, serve
from infra.local.resource_type import Refused
from infra.local.rules import scheduler_schedule
from infra.local.schedule_expressions import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schedule = dict[str, Any]

_LOG = logging.getLogger(__name__)
_NAMESPACE = "AWS/Scheduler"
_TOLD = ("Arn", "GroupName", "Name", "State", "CreationDate", "LastModificationDate")


def extend() -> None:
    """Serve these operations from moto's scheduler."""
    from moto.scheduler.responses import EventBridgeSchedulerResponse

    serve(EventBridgeSchedulerResponse, OPERATIONS)
    check(EventBridgeSchedulerResponse)
    CLOCK.add("schedules", invoke_due)


# --- schedules --------------------------------------------------------------------------------------------------


def _create(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    group = _group(call, wanted.get("GroupName", "default"))
    schedules = call.kept("schedules")
    key = f"{group['Name']}/{wanted['Name']}"
    if key in schedules:
        raise Refused("ConflictException", f"Schedule {wanted['Name']} already exists.")
    now = CLOCK.now()
    schedules[key] = {
        **_described(call, wanted, group),
        "CreationDate": now,
        "LastModificationDate": now,
        "Arn": call.arn("scheduler", f"schedule/{key}"),
        "invoked": None,
    }
    CLOCK.wake()
    return {"ScheduleArn": schedules[key]["Arn"]}


def _update(call: Call) -> Mapping[str, Any]:
    schedule = _schedule(call)
    group = _group(call, schedule["GroupName"])
    keep = {name: schedule[name] for name in ("CreationDate", "Arn", "invoked")}
    described = _described(call, call.parameters, group)
    schedule.clear()
    schedule.update({**described, **keep, "LastModificationDate": CLOCK.now()})
    CLOCK.wake()
    return {"ScheduleArn": schedule["Arn"]}


def _described(call: Call, wanted: Mapping[str, Any], group: Mapping[str, Any]) -> Schedule:
    _refuse(call, wanted, group)
    retry = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185}
    target = wanted["Target"]
    dates = {name: wanted[name].replace(tzinfo=UTC) for name in ("StartDate", "EndDate") if name in wanted}
    return {
        "State": "ENABLED",
        "ScheduleExpressionTimezone": "UTC",
        "ActionAfterCompletion": "NONE",
        **{name: value for name, value in wanted.items() if name != "ClientToken"},
        **dates,
        "GroupName": group["Name"],
        "Target": {**target, "RetryPolicy": {**retry, **target.get("RetryPolicy", {})}},
    }


def _refuse(call: Call, wanted: Mapping[str, Any], group: Mapping[str, Any]) -> None:
    try:
        parse(wanted["ScheduleExpression"], wanted.get("ScheduleExpressionTimezone", "UTC"))
    except ValueError as error:
        raise Refused("ValidationException", f"Invalid Schedule Expression {wanted['ScheduleExpression']}.") from error
    window = wanted["FlexibleTimeWindow"]
    if (window["Mode"] == "FLEXIBLE") != ("MaximumWindowInMinutes" in window):
        raise Refused("ValidationException", "Invalid FlexibleTimeWindow: a window in minutes goes with FLEXIBLE only.")
    target = wanted["Target"]
    if target["Arn"].split(":")[:2] != ["arn", call.partition]:
        raise Refused("ValidationException", f"Provided Arn is not in correct format: {target['Arn']}")
    scheduler_schedule.region(target["Arn"], call.region)
    scheduler_schedule.writing_operation(target["Arn"])
    scheduler_schedule.universal(target)
    invocation.refuse(target["Arn"])
    scheduler_schedule.input_is_json(target.get("Input"))
    scheduler_schedule.trust(call.account, target["RoleArn"], group["Arn"])


def _schedule(call: Call) -> Schedule:
    group, name = call.parameters.get("GroupName", "default"), call.parameters["Name"]
    found: Schedule | None = call.kept("schedules").get(f"{group}/{name}")
    if found is None:
        raise Refused("ResourceNotFoundException", f"Schedule {name} does not exist.")
    return found


def _get(call: Call) -> Mapping[str, Any]:
    return {name: value for name, value in _schedule(call).items() if name != "invoked"}


def _delete(call: Call) -> None:
    schedule = _schedule(call)
    del call.kept("schedules")[f"{schedule['GroupName']}/{schedule['Name']}"]


def _list(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    found = [
        {**{name: schedule[name] for name in _TOLD}, "Target": {"Arn": schedule["Target"]["Arn"]}}
        for schedule in call.kept("schedules").values()
        if wanted.get("GroupName") in (None, schedule["GroupName"])
        and schedule["Name"].startswith(wanted.get("NamePrefix", ""))
        and wanted.get("State") in (None, schedule["State"])
    ]
    return call.page("Schedules", found, token="NextToken", size="MaxResults")


# --- groups -----------------------------------------------------------------------------------------------------


def _groups(call: Call) -> dict[str, Any]:
    groups = call.kept("groups")
    if "default" not in groups:
        arn = call.arn("scheduler", "schedule-group/default")
        groups["default"] = {"Name": "default", "Arn": arn, "State": "ACTIVE", "tags": {}}
    return groups


def _group(call: Call, name: str) -> dict[str, Any]:
    found: dict[str, Any] | None = _groups(call).get(name)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Schedule group {name} does not exist.")
    return found


def _create_group(call: Call) -> Mapping[str, Any]:
    name = call.parameters["Name"]
    if name in _groups(call):
        raise Refused("ConflictException", f"Schedule group {name} already exists.")
    now = CLOCK.now()
    arn = call.arn("scheduler", f"schedule-group/{name}")
    tags = {tag["Key"]: tag["Value"] for tag in call.parameters.get("Tags", [])}
    made = {"Name": name, "Arn": arn, "State": "ACTIVE", "CreationDate": now, "LastModificationDate": now}
    _groups(call)[name] = {**made, "tags": tags}
    return {"ScheduleGroupArn": arn}


def _get_group(call: Call) -> Mapping[str, Any]:
    group = _group(call, call.parameters["Name"])
    return {name: value for name, value in group.items() if name != "tags"}


def _list_groups(call: Call) -> Mapping[str, Any]:
    prefix = call.parameters.get("NamePrefix", "")
    groups = (group for name, group in sorted(_groups(call).items()) if name.startswith(prefix))
    told = [{name: value for name, value in group.items() if name != "tags"} for group in groups]
    return call.page("ScheduleGroups", told, token="NextToken", size="MaxResults")


def _delete_group(call: Call) -> None:
    name = _group(call, call.parameters["Name"])["Name"]
    if name == "default":
        raise Refused("ValidationException", "The default schedule group cannot be deleted.")
    schedules = call.kept("schedules")
    for key in [key for key in schedules if key.startswith(f"{name}/")]:
        del schedules[key]
    del _groups(call)[name]


def _tags(call: Call) -> dict[str, str]:
    arn = call.parameters["ResourceArn"]
    found = next((group for group in _groups(call).values() if group["Arn"] == arn), None)
    if found is None:
        raise Refused("ResourceNotFoundException", f"Resource {arn} does not exist.")
    tags: dict[str, str] = found["tags"]
    return tags


def _tag(call: Call) -> None:
    _tags(call).update({tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]})


def _untag(call: Call) -> None:
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)


def _list_tags(call: Call) -> Mapping[str, Any]:
    return {"Tags": [{"Key": key, "Value": value} for key, value in _tags(call).items()]}


OPERATIONS = {
    "CreateSchedule": _create,
    "UpdateSchedule": _update,
    "GetSchedule": _get,
    "DeleteSchedule": _delete,
    "ListSchedules": _list,
    "CreateScheduleGroup": _create_group,
    "GetScheduleGroup": _get_group,
    "ListScheduleGroups": _list_groups,
    "DeleteScheduleGroup": _delete_group,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}


# --- the clock --------------------------------------------------------------------------------------------------


def invoke_due(now: datetime) -> datetime | None:
    """Invoke what has fallen due by `now`; when the next schedule does."""
    following = []
    for account, region, schedules, schedule in list(_everywhere()):
        due = _due(schedule)
        if due is not None and due <= now:
            _invoke(account, region, schedule, due)
            schedule["invoked"] = now  # after it: killed in between and taken up, it is invoked again and not never
            due = _due(schedule)
            if due is None and schedule["ActionAfterCompletion"] == "DELETE":
                schedules.pop(f"{schedule['GroupName']}/{schedule['Name']}", None)
        if due is not None:
            following.append(due)
    return min(following, default=None)


def _everywhere() -> Iterator[tuple[str, str, dict[str, Schedule], Schedule]]:
    from moto.scheduler.models import scheduler_backends

    for account, regions in list(scheduler_backends.items()):
        for region, backend in list(regions.items()):
            schedules = kept(backend, "schedules")
            for schedule in list(schedules.values()):
                yield account, region, schedules, schedule


def _due(schedule: Schedule) -> datetime | None:
    """When the schedule is to be invoked next: not before it starts, not after it ends, not twice for one time."""
    if schedule["State"] != "ENABLED":
        return None
    expression = parse(schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"])
    start: datetime = schedule["StartDate"] if "StartDate" in schedule else schedule["CreationDate"]
    last: datetime | None = schedule["invoked"]
    moment = expression.after(last + timedelta(microseconds=1) if last else start, start)
    end = schedule.get("EndDate")
    return None if moment is None or (end and moment > end) else moment


def _invoke(account: str, region: str, schedule: Schedule, due: datetime) -> None:
    target = schedule["Target"]
    words = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": due.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": invocation.identifier(),
        "attempt-number": "1",
    }
    text = target.get("Input", "{}")
    for word, value in words.items():
        text = text.replace(f"<aws.scheduler.{word}>", value)
    group = {"ScheduleGroup": schedule["GroupName"]}
    metrics.publish(account, region, _NAMESPACE, "InvocationAttemptCount", group)
    source = ("scheduler.amazonaws.com", schedule["Arn"].rpartition("/")[0].replace(":schedule/", ":schedule-group/"))
    try:
        invocation.invoke(account, region, target, text, source=source)
        triggers.count("schedule")
    except Exception as error:  # whatever a target answers must neither stop the clock nor go unseen
        _LOG.warning("schedule %s could not invoke its target: %s", schedule["Arn"], error)
        if not isinstance(error, invocation.NotReached):
            metrics.publish(account, region, _NAMESPACE, "TargetErrorCount", group)
        metrics.publish(account, region, _NAMESPACE, "InvocationDroppedCount", group)
        if invocation.to_dead_letters(account, region, target, text, error):
            metrics.publish(account, region, _NAMESPACE, "InvocationsSentToDeadLetterCount", group)
            triggers.count("schedule-dead-letter")
