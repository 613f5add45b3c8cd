"""How a schedule or a rule reaches its target: the call it makes, with the role it was given.

Source: EventBridge Scheduler user guide, "Using templated targets" and "Using universal targets";
EventBridge user guide, "Event bus targets", read 2026-11-24.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local import task_states
from infra.local.clients import client
from infra.local.permissions import resource_admits, role_allows, role_trusts, service_context
from infra.local.resource_type import Refused, Unsupported
from infra.local.role_sessions import client_as

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What a session of the target's role is called by here; the services make up a name for each.
_SESSION = "invocation"


class NotReached(Refused):
    """The target was never called: its role could not be taken on, or may not call it."""


def identifier() -> str:
    """A name for one invocation."""
    return str(uuid.uuid4())


def refuse(arn: str) -> None:
    """Raise what a universal target is refused for: an operation that is none."""
    if ":aws-sdk:" not in arn:
        return
    service, _, action = arn.partition(":aws-sdk:")[2].partition(":")
    try:
        task_states.operation(service, action)
    except KeyError as error:
        raise Refused("ValidationException", f"{arn} is not a valid target: no such API operation.") from error


def invoke(
    account: str, region: str, target: Mapping[str, Any], text: str, *, source: tuple[str, str] | None = None
) -> None:
    """Call the target with this input; raises what the target, or the permissions for it, refuse.

    `source` is the service's principal and the ARN it acts for. A target's role must let that take it on, each time;
    a target without a role is reached if its own policy, and its key, let that in.
    """
    arn = str(target["Arn"])
    if "RoleArn" in target and source:
        principal, acting = source
        if not role_trusts(target["RoleArn"], principal, service_context(acting.split(":")[4], acting)):
            raise NotReached("AccessDeniedException", f"{principal} may not assume {target['RoleArn']} for {acting}")
    service, resource = arn.split(":")[2], arn.split(":", 5)[5]
    if ":aws-sdk:" in arn:
        name, _, action = arn.partition(":aws-sdk:")[2].partition(":")
        made = client_as(target["RoleArn"], task_states.boto_name(name), region, _SESSION)
        task_states.perform(name, action, json.loads(text), made)
        return
    kind = resource.partition(":")[0].partition("/")[0] if service in ("states", "events") else ""
    if (service, kind) not in _CALLS:
        raise Unsupported(f"invocations of {arn}")
    action, call = _CALLS[service, kind]
    if "RoleArn" in target:
        if not role_allows(target["RoleArn"], action, arn):
            who = target["RoleArn"]
            raise NotReached("AccessDeniedException", f"{who} is not authorized to perform {action} on {arn}")
    elif source and not resource_admits(arn, action, *source):
        raise NotReached("NO_PERMISSIONS", f"the policy or the key of {arn} does not let {source[0]} in")
    boto, where = _BOTO.get(service, service), arn.split(":")[3] or region
    call(
        client_as(target["RoleArn"], boto, where, _SESSION) if "RoleArn" in target else client(boto, account, where),
        target,
        text,
    )


def _start(states: Any, target: Mapping[str, Any], text: str) -> None:
    states.start_execution(stateMachineArn=target["Arn"], name=identifier(), input=text)


def _publish(sns: Any, target: Mapping[str, Any], text: str) -> None:
    sns.publish(TopicArn=target["Arn"], Message=text)


def _send(sqs: Any, target: Mapping[str, Any], text: str) -> None:
    _, _, _, _, account, name = target["Arn"].split(":", 5)
    url = sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    sqs.send_message(QueueUrl=url, MessageBody=text, **({"MessageGroupId": group} if group else {}))


def _forward(events: Any, target: Mapping[str, Any], text: str) -> None:
    event = json.loads(text)
    entry = {"Source": event["source"], "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}
    events.put_events(Entries=[{**entry, "EventBusName": target["Arn"]}])


def _log(logs: Any, target: Mapping[str, Any], text: str) -> None:
    group = target["Arn"].split(":")[6]
    stream = identifier()
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    now = int(datetime.now(UTC).timestamp() * 1000)
    logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[{"timestamp": now, "message": text}])


_BOTO = {"states": "stepfunctions"}
_CALLS: dict[tuple[str, str], tuple[str, Callable[[Any, Mapping[str, Any], str], None]]] = {
    ("states", "stateMachine"): ("states:StartExecution", _start),
    ("sns", ""): ("sns:Publish", _publish),
    ("sqs", ""): ("sqs:SendMessage", _send),
    ("events", "event-bus"): ("events:PutEvents", _forward),
    ("logs", ""): ("logs:PutLogEvents", _log),
}


def to_dead_letters(account: str, region: str, target: Mapping[str, Any], text: str, error: Exception) -> bool:
    """Send what could not be delivered to the target's dead-letter queue; whether it has one."""
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if not queue:
        return False
    code = getattr(error, "code", None) or getattr(error, "response", {}).get("Error", {}).get("Code", "UnknownError")
    attributes = {"ERROR_CODE": code, "ERROR_MESSAGE": str(error), "TARGET_ARN": target["Arn"]}
    sqs = client("sqs", account, region)
    _, _, _, _, owner, name = queue.split(":", 5)
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=owner)["QueueUrl"],
        MessageBody=text,
        MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
    )
    return True
