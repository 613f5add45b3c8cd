"""API calls as events: what a trail records of a change reaches EventBridge's default bus.

Source: EventBridge user guide, "AWS service events delivered via AWS CloudTrail", read 2026-11-24: only
calls that change something, only of accounts where a trail logs; refused ones too, with the error's name. Of S3,
which moto dispatches by a way of its own, the calls about buckets are sent.
"""

from __future__ import annotations

import json
import logging
import re
import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

from infra.local import bus, event_history
from infra.local.clock import CLOCK
from infra.local.mend import wrap
from infra.local.operations import caller_of

if TYPE_CHECKING:
    from collections.abc import Sequence

DETAIL_TYPE = "AWS API Call via CloudTrail"
_LOG = logging.getLogger(__name__)
_ERROR_CODE = re.compile(r'(?:"__type": ?"(?:[^"#]*#)?|<Code>)([\w.]+)')
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
    recorded = _trails(self.current_account, self.region) if changes and self.service_name == "cloudtrail" else []
    status, headers, body = motos(self)
    if changes and int(status) < 500:
        _try_to_send(self, action, recorded=recorded, error=_error(int(status), headers, body))
    return status, headers, body


def _bucket_response(self: Any, motos: Any, request: Any, *arguments: Any, **named: Any) -> Any:
    answered = motos(self, request, *arguments, **named)
    verb = {"PUT": "Put", "DELETE": "Delete"}.get(request.method)
    if verb and int(answered[0]) < 500:
        setting = next((word for name, word in _BUCKET_SETTINGS.items() if name in request.args), "")
        action = f"{verb}Bucket{setting}" if setting else {"Put": "CreateBucket", "Delete": "DeleteBucket"}[verb]
        bucket = self.parse_bucket_name_from_url(request, request.raw_url)
        error = _error(int(answered[0]), answered[1], answered[2])
        _try_to_send(self, action, parameters={"bucketName": bucket}, error=error)
    return answered


def _error(status: int, headers: Any, body: Any) -> str:
    """The error's name, in whatever way the service's protocol gives it; nothing for an answer that is none."""
    if status < 400:
        return ""
    for name, value in dict(headers or {}).items():
        if name.lower() == "x-amzn-errortype":
            return str(value).partition(":")[0]
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body)
    found = _ERROR_CODE.search(text)
    return found[1] if found else "UnknownError"


def _try_to_send(
    response: Any,
    action: str,
    *,
    recorded: Sequence[Any] = (),
    parameters: dict[str, Any] | None = None,
    error: str = "",
) -> None:
    try:
        _send(response, action, recorded, parameters, error)
    except Exception as failure:  # an event that cannot be sent must not fail the call it tells of
        _LOG.warning("no event for %s: %r", action, failure)


def _send(response: Any, action: str, recorded: Sequence[Any], parameters: dict[str, Any] | None, error: str) -> None:
    account, service = response.current_account, response.service_name
    region = _GLOBAL.get(response.partition, response.region) if service in ("iam", "sts") else response.region
    if parameters is None:
        response.parse_parameters(response.normalized_request)
        parameters = _lowered(response.params)
    detail = _detail(response, action, region, parameters, error)
    event_history.keep(account, region, detail)
    trails = recorded or _trails(account, region)
    for trail in trails:
        event_history.deliver(trail, detail)
    if trails and bus.watching(account, region, source := f"aws.{_source(response)}", DETAIL_TYPE, action):
        bus.send(account, region, source, DETAIL_TYPE, json.loads(json.dumps(detail, default=as_text)))


def _trails(account: str, region: str) -> list[Any]:
    """The trails that record what happens there."""
    from moto.cloudtrail.models import cloudtrail_backends

    return [
        trail
        for home, backend in list(dict.items(cloudtrail_backends[account]))
        for trail in list(backend.trails.values())
        if trail.status.is_logging and (home == region or trail.is_multi_region)
    ]


def _source(response: Any) -> str:
    from moto.core.utils import get_service_model

    model = get_service_model(response.boto3_service_name)
    return str(model.metadata.get("signingName") or model.metadata["endpointPrefix"])


def _detail(response: Any, action: str, region: str, parameters: Any, error: str) -> dict[str, Any]:
    caller = caller_of(response.access_key, response.current_account, response.partition)
    kind = "AssumedRole" if ":assumed-role/" in caller else "Root" if caller.endswith(":root") else "IAMUser"
    identity: dict[str, Any] = {"type": kind, "arn": caller, "accountId": response.current_account}
    if kind == "AssumedRole":
        name = caller.split("/")[1]
        role = f"arn:{response.partition}:iam::{response.current_account}:role/{name}"
        identity["sessionContext"] = {"sessionIssuer": {"type": "Role", "arn": role, "userName": name}}
    now = CLOCK.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        **({"errorCode": error} if error else {}),
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


def as_text(value: Any) -> str:
    """What JSON has no word for; secrets and bodies among it are not told."""
    return value.isoformat() if isinstance(value, date) else "***"
