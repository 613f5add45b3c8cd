"""EventBridge: what PutRule and PutTargets refuse, and rules that really reach topics, queues and state machines.

moto stores rules and matches patterns, but fires disabled rules too and fails on most targets. Sources:
botocore 1.44.5's service model; the EventBridge user guide and API reference, read 2026-11-24.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from infra.local import api_events, invocation, metrics, triggers
from infra.local.clock import CLOCK
from infra.local.mend import replace
from infra.local.operations import Call, check, kept, serve
from infra.local.resource_type import Refused
from infra.local.rules import events_rule
from infra.local.schedule_expressions import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

_LOG = logging.getLogger(__name__)
_SCHEDULED = "Scheduled Event"
# What a rule is counted as when it fires for an event of this type.
_CAUSES = {api_events.DETAIL_TYPE: "rule-api-call", _SCHEDULED: "rule-schedule"}
_OF_AN_EVENT = {"id", "account", "source", "time", "region", "resources", "detail-type"}
"""What an event has to say of itself to be tried."""


def extend() -> None:
    """Serve these operations from moto's EventBridge, deliver to targets, and turn API calls into events."""
    from moto.events.models import Rule
    from moto.events.responses import EventsHandler

    serve(EventsHandler, {"PutRule": _put_rule, "PutTargets": _put_targets, "TestEventPattern": _test_event_pattern})
    check(EventsHandler)
    replace(Rule, send_to_targets=_send_to_targets)
    api_events.extend()
    CLOCK.add("scheduled rules", fire_scheduled)


def _send_to_targets(rule: Any, original_event: Mapping[str, Any], transform_input: bool = True) -> None:
    if rule.state != "DISABLED" and rule.event_pattern.matches_event(original_event):
        _deliver(rule, original_event)


def _put_rule(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    if expression := wanted.get("ScheduleExpression"):
        try:
            parse(expression)
        except ValueError as error:
            raise Refused("ValidationException", "Parameter ScheduleExpression is not valid.") from error
    events_rule.pattern(wanted.get("EventPattern"))
    bus = wanted.get("EventBusName", "default").rpartition("/")[2]
    where = wanted["Name"] if bus == "default" else f"{bus}/{wanted['Name']}"
    events_rule.trust(call.account, wanted.get("RoleArn"), call.arn("events", f"rule/{where}"))
    rule = call.backend.put_rule(
        wanted["Name"],
        scheduled_expression=wanted.get("ScheduleExpression"),
        event_pattern=wanted.get("EventPattern"),
        state=wanted.get("State"),
        description=wanted.get("Description"),
        role_arn=wanted.get("RoleArn"),
        event_bus_arn=wanted.get("EventBusName"),
        tags=wanted.get("Tags"),
    )
    if (timed := wanted.get("ScheduleExpression")) != call.kept("timed").get(rule.arn, {}).get("expression"):
        call.kept("timed")[rule.arn] = {"expression": timed, "start": CLOCK.now(), "fired": CLOCK.now()}
        CLOCK.wake()
    return {"RuleArn": rule.arn}


def _test_event_pattern(call: Call) -> Mapping[str, Any]:
    """Whether a pattern takes an event; the answer that rules would give.

    Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html, read 2026-11-24.
    """
    from moto.events.models import EventPattern

    try:
        event = json.loads(call.parameters["Event"])
    except ValueError as error:
        raise Refused("ValidationException", "Parameter Event is not valid.") from error
    missing = sorted(_OF_AN_EVENT - event.keys()) if isinstance(event, dict) else ["an object"]
    if missing:
        raise Refused("ValidationException", f"Parameter Event is not valid. It lacks {', '.join(missing)}.")
    return {"Result": bool(EventPattern.load(call.parameters["EventPattern"]).matches_event(event))}


def _put_targets(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    bus = wanted.get("EventBusName")
    rule = call.backend.describe_rule(wanted["Rule"], bus)
    events_rule.ids_once(wanted["Targets"])
    for target in wanted["Targets"]:
        _refuse_target(call, target)
    events_rule.targets({target["Id"] for target in (*rule.targets, *wanted["Targets"])})
    call.backend.put_targets(wanted["Rule"], bus, wanted["Targets"])
    return {"FailedEntryCount": 0, "FailedEntries": []}


def _refuse_target(call: Call, target: dict[str, Any]) -> None:
    arn = target["Arn"]
    parts = arn.split(":")
    if len(parts) < 6 or parts[:2] != ["arn", call.partition]:
        raise Refused(
            "ValidationException", f"Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
        )
    events_rule.target_role(target)
    events_rule.input_is_json(target)
    events_rule.placeholders(target)
    if sum(name in target for name in ("Input", "InputPath", "InputTransformer")) > 1:
        raise Refused(
            "ValidationException",
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {target['Id']}.",
        )


# --- delivery ---------------------------------------------------------------------------------------------------


def _deliver(rule: Any, original: Mapping[str, Any]) -> None:
    event = {key: value for key, value in original.items() if key not in ("ingestion-time", "replay-name")}
    if isinstance(event.get("time"), int | float):
        event["time"] = datetime.fromtimestamp(event["time"], UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    source, named = ("events.amazonaws.com", rule.arn), {"RuleName": rule.name}

    def publish(metric: str) -> None:
        metrics.publish(rule.account_id, rule.region_name, "AWS/Events", metric, named)

    publish("MatchedEvents")
    publish("TriggeredRules")
    for target in list(rule.targets):
        text = _input(rule, target, event)
        publish("Invocations")
        try:
            invocation.invoke(rule.account_id, rule.region_name, target, text, source=source)
            triggers.count(_CAUSES.get(event["detail-type"], "rule-event"))
        except Exception as error:  # whatever a target answers must neither fail the sender nor go unseen
            _LOG.warning("rule %s could not invoke %s: %s", rule.arn, target["Arn"], error)
            publish("FailedInvocations")
            if invocation.to_dead_letters(rule.account_id, rule.region_name, target, text, error):
                publish("InvocationsSentToDlq")
                triggers.count("rule-dead-letter")


def fire_scheduled(now: datetime) -> datetime | None:
    """Send the targets of every rule with a schedule that has fallen due their event; when the next one does.

    A rate counts from when the rule was put: EventBridge user guide, "Creating a rule that runs on a schedule", read
    2026-11-24, does not say that a rule fires at once, as it does of a schedule of Scheduler's.
    """
    from moto.events.models import events_backends

    following = []
    for regions in list(dict.values(events_backends)):
        for backend in list(dict.values(regions)):
            timed = kept(backend, "timed")
            rules = [rule for bus in list(backend.event_buses.values()) for rule in list(bus.rules.values())]
            for rule in rules:
                when = timed.get(rule.arn)
                if not when or not when["expression"] or rule.state == "DISABLED":
                    continue
                due = _due(when)
                if due and due <= now:
                    _deliver(rule, {**_scheduled(rule), "time": due.strftime("%Y-%m-%dT%H:%M:%SZ")})
                    when["fired"] = now  # after it, as a schedule's
                    due = _due(when)
                following.append(due)
    return min(filter(None, following), default=None)


def _due(timed: Mapping[str, Any]) -> datetime | None:
    return parse(timed["expression"]).after(timed["fired"] + timedelta(microseconds=1), timed["start"])


def _scheduled(rule: Any) -> dict[str, Any]:
    return {
        "version": "0",
        "id": invocation.identifier(),
        "detail-type": _SCHEDULED,
        "source": "aws.events",
        "account": rule.account_id,
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }


def _input(rule: Any, target: Mapping[str, Any], event: Mapping[str, Any]) -> str:
    """What the target is given: the event, a part of it, a constant, or a template filled from it."""
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(_at(event, target["InputPath"]))
    if "InputTransformer" not in target:
        return json.dumps(event)
    transformer = target["InputTransformer"]
    values = {name: _at(event, path) for name, path in transformer.get("InputPathsMap", {}).items()}
    reserved = {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": event.get("time"),
        "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
        "aws.events.event.json": event,
    }
    return fill(transformer["InputTemplate"], {**reserved, **values})


def _at(event: Mapping[str, Any], path: str) -> Any:
    from jsonpath_ng.ext import parse as parse_path  # type: ignore[attr-defined]  # it is there, though not listed

    found = parse_path(path).find(event)
    return found[0].value if found else None


def fill(template: str, values: Mapping[str, Any]) -> str:
    """The template with each `<name>` replaced: as text within quotes, as JSON outside of them."""
    filled, quoted, position = [], False, 0
    while position < len(template):
        letter = template[position]
        end = template.find(">", position)
        name = template[position + 1 : end] if letter == "<" and end > 0 else ""
        if name in values:
            value = values[name]
            as_text = value if isinstance(value, str) else json.dumps(value)
            # Inside quotes what is put in must not end them.
            filled.append(json.dumps(as_text)[1:-1] if quoted else json.dumps(value))
            position = end + 1
            continue
        if letter == '"' and template[position - 1 : position] != "\\":
            quoted = not quoted
        filled.append(letter)
        position += 1
    return "".join(filled)
