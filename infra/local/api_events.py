"""API calls as events: what a trail records of a change reaches EventBridge's default bus.

Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail", read 2026-11-24: only
calls that change something, only of accounts where a trail logs. Of S3, which moto dispatches by a way of
its own, the calls about buckets are sent. Refused calls are not sent.
"""

from __future__ import annotations

import json
import logging
import uuid
from datetime import UTC, date, datetime
from typing import Any

from infra.local.mend import wrap
from infra.local.operations import Call

DETAIL_TYPE = "AWS API Call via CloudTrail"
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
# What a request about a bucket names in its query, and the word that CloudTrail has for it.
_BUCKET_SETTINGS = {
    "acl": "Acl",
    "cors": "Cors",
    "encryption": "Encryption",
    "lifecycle": "Lifecycle",
    "logging": "Logging",
    "notification": "Notification",
    "object-lock": "ObjectLockConfiguration",
    "ownershipControls": "OwnershipControls",
    "policy": "Policy",
    "publicAccessBlock": "PublicAccessBlock",
    "replication": "Replication",
    "tagging": "Tagging",
    "versioning": "Versioning",
    "website": "Website",
}
# IAM and STS are global: their events come up in one region of each partition.
_GLOBAL = {"aws": "us-east-1", "aws-us-gov": "us-gov-west-1"}


def extend() -> None:
    """Let moto send an event for every call that changes something."""
    from moto.core.responses import BaseResponse
    from moto.s3.responses import S3Response

    wrap(BaseResponse, call_action=_call_action)
    wrap(S3Response, bucket_response=_bucket_response)


def _call_action(self: Any, motos: Any) -> Any:
    action = self._get_action()
    changes = action and not action.startswith(_READ_ONLY) and action not in _DATA and self.service_name
    # The call that stops a trail is itself recorded.
    recorded = changes and self.service_name == "cloudtrail" and _is_recorded(self.current_account, self.region)
    status, headers, body = motos(self)
    if changes and int(status) < 300:
        _try_to_send(self, action, recorded=recorded)
    return status, headers, body


def _bucket_response(self: Any, motos: Any, request: Any, *arguments: Any, **named: Any) -> Any:
    answered = motos(self, request, *arguments, **named)
    verb = {"PUT": "Put", "DELETE": "Delete"}.get(request.method)
    if verb and int(answered[0]) < 300:
        setting = next((word for name, word in _BUCKET_SETTINGS.items() if name in request.args), "")
        action = f"{verb}Bucket{setting}" if setting else {"Put": "CreateBucket", "Delete": "DeleteBucket"}[verb]
        bucket = self.parse_bucket_name_from_url(request, request.raw_url)
        _try_to_send(self, action, parameters={"bucketName": bucket})
    return answered


def _try_to_send(
    response: Any, action: str, *, recorded: bool = False, parameters: dict[str, Any] | None = None
) -> None:
    try:
        _send(response, action, recorded, parameters)
    except Exception as error:  # an event that cannot be sent must not fail the call it tells of
        _LOG.warning("no event for %s: %s", action, error)


def _send(response: Any, action: str, recorded: bool, parameters: dict[str, Any] | None) -> None:
    account, service = response.current_account, response.service_name
    region = _GLOBAL.get(response.partition, response.region) if service in ("iam", "sts") else response.region
    if not _watching(account, region, f"aws.{_source(response)}", action):
        return
    if not recorded and not _is_recorded(account, region):
        return
    if parameters is None:
        response.parse_parameters(response.normalized_request)
        parameters = _lowered(response.params)
    from moto.events.models import events_backends

    events_backends[account][region].put_events(
        [
            {
                "Source": f"aws.{_source(response)}",
                "DetailType": DETAIL_TYPE,
                "Detail": json.dumps(_detail(response, action, region, parameters), default=_as_text),
            }
        ]
    )


def _watching(account: str, region: str, source: str, action: str) -> bool:
    """Whether any rule of the default bus could want this: cheap, and most often the end of it."""
    from moto.events.models import events_backends

    regions = dict(events_backends.items()).get(account)
    backend = regions and dict(regions.items()).get(region)
    if not backend:
        return False
    patterns = [rule.event_pattern.get_pattern() for rule in list(backend.event_buses["default"].rules.values())]
    return any(pattern and _could_want(pattern, source, action) for pattern in patterns)


def _could_want(pattern: dict[str, Any], source: str, action: str) -> bool:
    """Whether a pattern leaves room for this call, as far as source and name tell."""
    named = (pattern.get("source"), source), (pattern.get("detail", {}).get("eventName"), action)
    return all(
        wanted is None
        # What a matcher such as a prefix takes is for moto to say.
        or any(each == told or isinstance(each, dict) for each in wanted)
        for wanted, told in named
    )


def _is_recorded(account: str, region: str) -> bool:
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


def _detail(response: Any, action: str, region: str, parameters: Any) -> dict[str, Any]:
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
        "requestParameters": parameters,
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
