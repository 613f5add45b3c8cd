"""EventBridge Scheduler: schedules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

KEPT = ("GroupName", "KmsKeyArn", "ScheduleExpression", "ScheduleExpressionTimezone", "State", "Target")


@reader
def schedules(account: Account, names: Names) -> Iterator[Found]:
    """Schedules of all groups."""
    for listed in account.all("scheduler", "list_schedules", "Schedules"):
        name, group = listed["Name"], listed["GroupName"]
        schedule = account.call("scheduler", "get_schedule", Name=name, GroupName=group)
        given: dict[str, Any] = {key: schedule[key] for key in KEPT if schedule.get(key)}
        dates = {key: schedule[key].isoformat() for key in ("StartDate", "EndDate") if schedule.get(key)}
        yield Found("AWS::Scheduler::Schedule", name, {**given, **dates})
