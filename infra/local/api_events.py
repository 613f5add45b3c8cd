"""API calls as events: what a trail records of a change reaches EventBridge's default bus.

Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail", read 2026-11-24: only
calls that change something, only of accounts where a trail logs. Calls that S3 answers are not covered,
since moto dispatches them by a way of their own; refused calls are not sent either.
"""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, date, datetime
from typing import Any

from infra.local.operations import Call

_LOG = logging.getLogger(__name__)
_READ_ONLY = ("Get", "List", "Describe", "Head", "Batch", "Lookup", "Search", "Query", "Scan", "Receive", "Simulate")
# Calls of the data plane, which no trail records as management events.
_DATA = frozenset(
    {
        "DeleteItem",
        "DeleteMessage",
        "DeleteObject",
        "InvokeModel",
        "PutEvents",
        "PutItem",
        "PutLogEvents",
        "PutMetricData",
        "PutObject",
        "Publish",
        "SendMessage",
        "TransactWriteItems",
        "UpdateItem",
    }
)
# IAM and STS are global: their events come up in one region of each partition.
_GLOBAL = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"}


def extend() -> None:
    """Let moto send an event for every call that changes something."""
    from moto.core.responses import BaseResponse

    answer = BaseResponse.call_action
    if answer.__module__ == __name__:
        return

    def call_action(self: Any) -> Any:
        status, headers, body = answer(self)
        if int(status) < 300:
            try:
                _send(self)
            except Exception as error:  # an event that cannot be sent must not fail the call it tells of
                _LOG.warning("no event for %s: %s", self._get_action(), error)
        return status, headers, body

    BaseResponse.call_action = call_action  # type: ignore[method-assign]  # moto has no other hook for this


def _send(response: Any) -> None:
    action, service = response._get_action(), response.service_name
    if not action or action.startswith(_READ_ONLY) or action in _DATA or service is None:
        return
    account, partition = response.current_account, response.partition
    region = _GLOBAL.get(partition, response.region) if service in ("iam", "sts") else response.region
    buses = _watching(account, region, f"aws.{_source(response)}")
    if not buses or not _is_recorded(account, region, partition):
        return
    from moto.events.models import events_backends

    events_backends[account][region].put_events(
        [
            {
                "Source": f"aws.{_source(response)}",
                "DetailType": "AWS API Call via CloudTrail",
                "Detail": json.dumps(_detail(response, action, region), default=_as_text),
            }
        ]
    )


def _watching(account: str, region: str, source: str) -> bool:
    """Whether any rule of the default bus could want this: cheap, and most often the end of it."""
    from moto.events.models import events_backends

    regions = dict(events_backends.items()).get(account)
    backend = regions and dict(regions.items()).get(region)
    if not backend:
        return False
    patterns = [rule.event_pattern.get_pattern() for rule in list(backend.event_buses["default"].rules.values())]
    return any(pattern and source in pattern.get("source", [source]) for pattern in patterns)


def _is_recorded(account: str, region: str, partition: str) -> bool:
    from moto.cloudtrail.models import cloudtrail_backends

    for home, backend in list(cloudtrail_backends[account].items()):
        for trail in list(backend.trails.values()):
            if trail.status.is_logging and (home == region or trail.is_multi_region):
                return True
    return False


def _source(response: Any) -> str:
    from moto.core.utils import get_service_model

    model = get_service_model(response.boto3_service_name)
    return str(model.metadata.get("signingName") or model.metadata["endpointPrefix"])


def _detail(response: Any, action: str, region: str) -> dict[str, Any]:
    response.parse_parameters(response.normalized_request)
    from moto.backends import get_backend

    backend = get_backend(response.service_name)[response.current_account]
    call = Call(response.current_account, region, {}, next(iter(backend.values())), response.access_key)
    caller = call.caller
    kind = "AssumedRole" if ":assumed-role/" in caller else "Root" if caller.endswith(":root") else "IAMUser"
    identity: dict[str, Any] = {"type": kind, "arn": caller, "accountId": response.current_account}
    if kind == "AssumedRole":
        name = caller.split("/")[1]
        role = f"arn:{response.partition}:iam::{response.current_account}:role/{name}"
        identity["sessionContext"] = {"sessionIssuer": {"type": "Role", "arn": role, "userName": name}}
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "eventVersion": "1.11",
        "userIdentity": identity,
        "eventTime": now,
        "eventSource": f"{_source(response)}.amazonaws.com",
        "eventName": action,
        "awsRegion": region,
        "sourceIPAddress": "127.0.0.1",
        "userAgent": response.headers.get("User-Agent", ""),
        "requestParameters": _lowered(response.params),
        "responseElements": None,
        "requestID": str(uuid.uuid4()),
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": response.current_account,
        "eventCategory": "Management",
    }


def _lowered(value: Any) -> Any:
    """Names as CloudTrail writes them, beginning with a small letter."""
    if isinstance(value, dict):
        return {key[:1].lower() + key[1:]: _lowered(item) for key, item in value.items()}
    return [_lowered(item) for item in value] if isinstance(value, list) else value


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else "***"
