"""What Bedrock keeps once per account and region: the enforced guardrail, data retention, invocation logging.

Source: botocore 1.44.5's service model, read 2026-11-24.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, serve
from infra.local.resource_type import Refused
from infra.local.rules import bedrock_enforced_guardrail_configuration, bedrock_invocation_logging
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
    whole = found(call, wanted["guardrailIdentifier"])
    bedrock_enforced_guardrail_configuration.version(whole, wanted["guardrailVersion"])
    guardrail = version_of(whole, wanted["guardrailVersion"])
    bedrock_enforced_guardrail_configuration.automated_reasoning(guardrail)
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
    groups = [config["cloudWatchConfig"]] if "cloudWatchConfig" in config else []
    larger = [one["largeDataDeliveryS3Config"] for one in groups if "largeDataDeliveryS3Config" in one]
    for group in groups:
        bedrock_invocation_logging.log_group(call, group)
    for bucket in (*larger, *([config["s3Config"]] if "s3Config" in config else [])):
        bedrock_invocation_logging.bucket_policy(call, bucket)
        bedrock_invocation_logging.bucket_key(call, bucket)
    call.kept("logging")["loggingConfig"] = config


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
