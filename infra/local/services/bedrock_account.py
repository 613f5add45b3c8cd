"""What Bedrock keeps once per account and region: the enforced guardrail, data retention, invocation logging.

Bedrock tries its permissions on the destinations when logging is put. Sources: botocore 1.44.5's service model;
the Bedrock user guide, "Monitor model invocation", read 2026-11-24.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, serve
from infra.local.permissions import policy_allows, role_allows, role_trusts, service_context
from infra.local.resource_type import Refused
from infra.local.services.bedrock import found, version_of

if TYPE_CHECKING:
    from collections.abc import Mapping


def extend() -> None:
    """Serve these operations from moto's Bedrock."""
    from moto.bedrock.responses import BedrockResponse

    serve(BedrockResponse, OPERATIONS)


def _put_enforced(call: Call) -> Mapping[str, Any]:
    from moto.moto_api._internal import mock_random

    wanted = call.parameters["guardrailInferenceConfig"]
    guardrail = version_of(found(call, wanted["guardrailIdentifier"]), wanted["guardrailVersion"])
    if "automatedReasoningPolicy" in guardrail:
        raise Refused("ValidationException", "Automated Reasoning is not supported in an enforced guardrail.")
    enforced = call.kept("enforced")
    # The account has one configuration; whoever puts last, wins (cdk-preflight and issue reports, PRECONDITIONS.md).
    standing = next(iter(enforced), None)
    config_id = call.parameters.get("configId") or standing
    if config_id is not None and config_id not in enforced:
        raise Refused("ResourceNotFoundException", f"The enforced guardrail configuration {config_id} is not there.")
    config_id = config_id or mock_random.get_random_string(length=12, lower_case=True)
    now = datetime.now(UTC)
    made = enforced.get(config_id, {"createdAt": now, "createdBy": call.caller})
    enforced[config_id] = {
        "configId": config_id,
        "guardrailArn": guardrail["guardrailArn"],
        "guardrailId": guardrail["guardrailId"],
        "guardrailVersion": guardrail["version"],
        "createdAt": made["createdAt"],
        "createdBy": made["createdBy"],
        "updatedAt": now,
        "updatedBy": call.caller,
        "owner": "ACCOUNT",
        **{key: wanted[key] for key in ("selectiveContentGuarding", "modelEnforcement") if key in wanted},
    }
    return {key: enforced[config_id][key] for key in ("configId", "updatedAt", "updatedBy")}


def _list_enforced(call: Call) -> Mapping[str, Any]:
    return {"guardrailsConfig": list(call.kept("enforced").values())}


def _delete_enforced(call: Call) -> None:
    config_id = call.parameters["configId"]
    if call.kept("enforced").pop(config_id, None) is None:
        raise Refused("ResourceNotFoundException", f"The enforced guardrail configuration {config_id} is not there.")


# --- retention and logging ---


def _get_retention(call: Call) -> Mapping[str, Any]:
    return call.kept("retention") or {"mode": "default"}


def _put_retention(call: Call) -> Mapping[str, Any]:
    retention = call.kept("retention")
    retention.update(mode=call.parameters["mode"], updatedAt=datetime.now(UTC))
    return retention


def _get_logging(call: Call) -> Mapping[str, Any]:
    return call.kept("logging")


def _put_logging(call: Call) -> None:
    config = call.parameters["loggingConfig"]
    if "cloudWatchConfig" in config:
        _refuse_log_group(call, config["cloudWatchConfig"])
        if "largeDataDeliveryS3Config" in config["cloudWatchConfig"]:
            _refuse_bucket(call, config["cloudWatchConfig"]["largeDataDeliveryS3Config"])
    if "s3Config" in config:
        _refuse_bucket(call, config["s3Config"])
    call.kept("logging")["loggingConfig"] = config


def _refuse_log_group(call: Call, wanted: Mapping[str, str]) -> None:
    """Bedrock tries its permissions on the log group when the setting is put."""
    from moto.logs.models import logs_backends

    name, role = wanted["logGroupName"], wanted["roleArn"]
    groups = logs_backends[call.account][call.region].groups
    streams = call.arn("logs", f"log-group:{name}:log-stream:aws/bedrock/modelinvocations")
    context = service_context(call.account, call.arn("bedrock", "*"))
    writes = all(role_allows(role, f"logs:{verb}", streams) for verb in ("CreateLogStream", "PutLogEvents"))
    if name not in groups or not writes or not role_trusts(role, "bedrock.amazonaws.com", context):
        raise Refused(
            "ValidationException", f"Failed to validate permissions for log group: {name}, with role: {role}."
        )


def _refuse_bucket(call: Call, wanted: Mapping[str, str]) -> None:
    """The bucket's policy must let Bedrock write under the account's own prefix."""
    from moto.s3.models import s3_backends

    name = wanted["bucketName"]
    bucket = s3_backends[call.account][call.partition].buckets.get(name)
    prefix = f"{wanted['keyPrefix'].strip('/')}/" if wanted.get("keyPrefix") else ""
    key = f"{prefix}AWSLogs/{call.account}/BedrockModelInvocationLogs/{call.region}/probe"
    resource = f"arn:{call.partition}:s3:::{name}/{key}"
    context = service_context(call.account, call.arn("bedrock", "*"))
    policy = json.loads(bucket.policy) if bucket is not None and bucket.policy else {}
    if not policy_allows(policy, "s3:PutObject", resource, context, principal="bedrock.amazonaws.com"):
        raise Refused("ValidationException", f"Failed to validate permissions for S3 bucket: {name}.")


def _delete_logging(call: Call) -> None:
    call.kept("logging").clear()


OPERATIONS = {
    "PutEnforcedGuardrailConfiguration": _put_enforced,
    "ListEnforcedGuardrailsConfiguration": _list_enforced,
    "DeleteEnforcedGuardrailConfiguration": _delete_enforced,
    "GetAccountDataRetention": _get_retention,
    "PutAccountDataRetention": _put_retention,
    "GetModelInvocationLoggingConfiguration": _get_logging,
    "PutModelInvocationLoggingConfiguration": _put_logging,
    "DeleteModelInvocationLoggingConfiguration": _delete_logging,
}
