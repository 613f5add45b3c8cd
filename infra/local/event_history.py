"""CloudTrail's records of calls: the event history of an account and region, and the log group that a trail writes to.

The files that a trail writes to its bucket are not made. Sources: CloudTrail user guide, "Working with CloudTrail event
history" and "Sending events to CloudWatch Logs", read 2026-11-24.
"""

from __future__ import annotations

import json
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local import triggers
from infra.local.operations import kept
from infra.local.permissions import role_allows, role_trusts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from infra.local.operations import Call

SERVICE = "cloudtrail.amazonaws.com"
MOST = 20_000
"""Events of an account and region that are kept, the latest of them."""
_PAGE = 50


def keep(account: str, region: str, detail: Mapping[str, Any]) -> None:
    """Remember an event, whether a trail records it or not."""
    from moto.cloudtrail.models import cloudtrail_backends

    backend = cloudtrail_backends[account][region]
    kept(backend, "history").setdefault("events", deque(maxlen=MOST)).append(detail)


def deliver(trail: Any, detail: Mapping[str, Any]) -> None:
    """Write an event to the trail's log group, if it has one that its role may write to."""
    from moto.logs.models import LogStream, logs_backends

    group_arn = trail.cw_log_group_arn
    if not group_arn:
        return
    account, home = trail.account_id, trail.region_name
    group = logs_backends[account][home].groups.get(group_arn.split(":log-group:", 1)[-1].removesuffix(":*"))
    name = f"{account}_CloudTrail_{home}"
    stream = f"{group_arn.removesuffix('*')}log-stream:{name}"
    if group is None or not role_trusts(trail.cw_role_arn, SERVICE, {}):
        return
    if not all(role_allows(trail.cw_role_arn, f"logs:{one}", stream) for one in ("CreateLogStream", "PutLogEvents")):
        return
    if name not in group.streams:
        group.streams[name] = LogStream(group, name)
    moment = datetime.strptime(str(detail["eventTime"]), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    message = json.dumps(detail, default=str, separators=(",", ":"))
    group.put_log_events(name, [{"timestamp": int(moment.timestamp() * 1000), "message": message}])
    triggers.count("trail")


def look_up(call: Call) -> Mapping[str, Any]:
    """LookupEvents: latest first, by at most one attribute, within times."""
    wanted = call.parameters
    events: Iterable[Mapping[str, Any]] = reversed(list(call.kept("history").get("events", ())))
    tests = [(each["AttributeKey"], each["AttributeValue"]) for each in wanted.get("LookupAttributes", ())]
    told = [_told(event) for event in events if all(_attribute(event, key) == value for key, value in tests)]
    start, end = wanted.get("StartTime"), wanted.get("EndTime")
    told = [
        event
        for event in told
        if (start is None or _aware(start) <= event["EventTime"]) and (end is None or event["EventTime"] <= _aware(end))
    ]
    size = {**wanted, "MaxResults": wanted.get("MaxResults", _PAGE)}
    first = int(size.get("NextToken") or 0)
    last = first + size["MaxResults"]
    return {"Events": told[first:last], **({"NextToken": str(last)} if last < len(told) else {})}


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _attribute(event: Mapping[str, Any], key: str) -> str:
    match key:
        case "Username":
            return _user(event)
        case "ReadOnly":
            return str(event["readOnly"]).lower()
        case _:
            return str(event.get(key[:1].lower() + key[1:], ""))


def _user(event: Mapping[str, Any]) -> str:
    return str(event["userIdentity"]["arn"]).rpartition("/")[2].rpartition(":")[2]


def _told(event: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": "false",
        "EventTime": datetime.strptime(event["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC),
        "EventSource": event["eventSource"],
        "Username": _user(event),
        "Resources": [],
        "CloudTrailEvent": json.dumps(event, default=str),
    }
