"""Bedrock's control plane: guardrails and their versions, enforcement, invocation logging, data retention.

moto has invocation logging and model customisation alone. Sources: botocore 1.44.5's service model for
shapes, limits and error codes; the Bedrock API reference and user guide for behaviour, read 2026-11-24.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, check, serve
from infra.local.permissions import policy_allows, role_allows, role_trusts, service_context
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

Guardrail = dict[str, Any]

POLICIES = (
    "topicPolicy",
    "contentPolicy",
    "wordPolicy",
    "sensitiveInformationPolicy",
    "contextualGroundingPolicy",
    "automatedReasoningPolicy",
)


def extend() -> None:
    """Serve these operations from moto's Bedrock."""
    from moto.bedrock.responses import BedrockResponse

    serve(BedrockResponse, OPERATIONS)
    check(BedrockResponse)


def _now() -> datetime:
    return datetime.now(UTC)


# --- guardrails -------------------------------------------------------------------------------------------------


def _create_guardrail(call: Call) -> Mapping[str, Any]:
    from moto.moto_api._internal import mock_random

    wanted = _described(call, call.parameters)
    guardrails = call.kept("guardrails")
    if any(other["draft"]["name"] == wanted["name"] for other in guardrails.values()):
        raise Refused("ConflictException", "Another guardrail in your account already has this name.")
    identifier = mock_random.get_random_string(length=12, lower_case=True)
    now = _now()
    draft = {
        **wanted,
        "guardrailId": identifier,
        "guardrailArn": call.arn("bedrock", f"guardrail/{identifier}"),
        "version": "DRAFT",
        "status": "READY",
        "createdAt": now,
        "updatedAt": now,
    }
    guardrails[identifier] = {"draft": draft, "versions": {}, "minted": 0}
    _tags(call)[draft["guardrailArn"]] = {tag["key"]: tag["value"] for tag in call.parameters.get("tags", [])}
    return {key: draft[key] for key in ("guardrailId", "guardrailArn", "version", "createdAt")}


def _described(call: Call, parameters: Mapping[str, Any]) -> Guardrail:
    """The guardrail as GetGuardrail tells it, from what CreateGuardrail or UpdateGuardrail was given."""
    told = {
        key.removesuffix("Config"): _plain(value)
        for key, value in parameters.items()
        if key not in ("guardrailIdentifier", "tags", "clientRequestToken", "kmsKeyId", "crossRegionConfig")
    }
    if "kmsKeyId" in parameters:
        told["kmsKeyArn"] = _key_arn(call, parameters["kmsKeyId"])
    if "crossRegionConfig" in parameters:
        profile = parameters["crossRegionConfig"]["guardrailProfileIdentifier"].rpartition("/")[2]
        arn = call.arn("bedrock", f"guardrail-profile/{profile}")
        told["crossRegionDetails"] = {"guardrailProfileId": profile, "guardrailProfileArn": arn}
    _refuse_content(told)
    return told


def _plain(value: Any) -> Any:
    """What an answer calls `topics` and `tier`, a request calls `topicsConfig` and `tierConfig`."""
    if isinstance(value, dict):
        return {key.removesuffix("Config"): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _refuse_content(told: Guardrail) -> None:
    if not any(told.get(policy) for policy in POLICIES):
        raise Refused("ValidationException", "Guardrail must have at least one policy")
    filters = told.get("contentPolicy", {}).get("filters", [])
    if any(entry["type"] == "PROMPT_ATTACK" and entry["outputStrength"] != "NONE" for entry in filters):
        raise Refused("ValidationException", "PROMPT ATTACK content filter strength for response must be NONE")
    named = {
        "topic": [topic["name"] for topic in told.get("topicPolicy", {}).get("topics", [])],
        "content filter": [entry["type"] for entry in filters],
        "word": [word["text"] for word in told.get("wordPolicy", {}).get("words", [])],
        "PII entity": [entry["type"] for entry in told.get("sensitiveInformationPolicy", {}).get("piiEntities", [])],
        "regex": [entry["name"] for entry in told.get("sensitiveInformationPolicy", {}).get("regexes", [])],
        "grounding filter": [entry["type"] for entry in told.get("contextualGroundingPolicy", {}).get("filters", [])],
    }
    for kind, names in named.items():
        if len(set(names)) < len(names):
            raise Refused("ValidationException", f"Guardrail has duplicate {kind} entries")
    for policy in ("topicPolicy", "contentPolicy"):
        tier = told.get(policy, {}).get("tier", {}).get("tierName", "CLASSIC")
        if tier == "STANDARD" and "crossRegionDetails" not in told:
            raise Refused(
                "ValidationException", "Enable cross-Region inference for your guardrail to use Standard tier."
            )
    for entry in told.get("contextualGroundingPolicy", {}).get("filters", []):
        if entry["threshold"] >= 1:
            raise Refused("ValidationException", "Contextual grounding threshold must be less than 1")


def _key_arn(call: Call, key: str) -> str:
    from moto.kms.models import kms_backends

    try:
        return str(kms_backends[call.account][call.region].describe_key(key).arn)
    except Exception as error:  # moto raises several kinds, all of which mean that the key is not to be had
        raise Refused("AccessDeniedException", f"The KMS key {key} does not exist or cannot be used") from error


def _found(call: Call, identifier: str) -> dict[str, Any]:
    guardrails = call.kept("guardrails")
    found = guardrails.get(identifier.rpartition("/")[2])
    if found is None or ("/" in identifier and found["draft"]["guardrailArn"] != identifier):
        raise Refused("ResourceNotFoundException", f"The guardrail {identifier} could not be found.")
    result: dict[str, Any] = found
    return result


def _version(found: Mapping[str, Any], version: str) -> Guardrail:
    if version == "DRAFT":
        return dict(found["draft"])
    if version not in found["versions"]:
        arn = found["draft"]["guardrailArn"]
        raise Refused("ResourceNotFoundException", f"Version {version} of the guardrail {arn} could not be found.")
    return dict(found["versions"][version])


def _get_guardrail(call: Call) -> Mapping[str, Any]:
    found = _found(call, call.parameters["guardrailIdentifier"])
    return _version(found, call.parameters.get("guardrailVersion", "DRAFT"))


def _update_guardrail(call: Call) -> Mapping[str, Any]:
    found = _found(call, call.parameters["guardrailIdentifier"])
    old = found["draft"]
    wanted = _described(call, call.parameters)
    others = (other["draft"] for other in call.kept("guardrails").values())
    if any(other["name"] == wanted["name"] and other is not old for other in others):
        raise Refused("ConflictException", "Another guardrail in your account already has this name.")
    keep = {key: old[key] for key in ("guardrailId", "guardrailArn", "version", "status", "createdAt")}
    found["draft"] = {**wanted, **keep, "updatedAt": _now()}
    return {key: found["draft"][key] for key in ("guardrailId", "guardrailArn", "version", "updatedAt")}


def _delete_guardrail(call: Call) -> None:
    found = _found(call, call.parameters["guardrailIdentifier"])
    version = call.parameters.get("guardrailVersion")
    doomed = [version] if version else list(found["versions"])
    for enforced in call.kept("enforced").values():
        if enforced["guardrailId"] == found["draft"]["guardrailId"] and enforced["guardrailVersion"] in doomed:
            what = f"{enforced['guardrailArn']} version {enforced['guardrailVersion']}"
            raise Refused("ResourceInUseException", f"The guardrail {what} is in use by an enforced configuration.")
    if version:
        _version(found, version)
        del found["versions"][version]
    else:
        del call.kept("guardrails")[found["draft"]["guardrailId"]]
        _tags(call).pop(found["draft"]["guardrailArn"], None)


def _list_guardrails(call: Call) -> Mapping[str, Any]:
    identifier = call.parameters.get("guardrailIdentifier")
    if identifier:
        found = _found(call, identifier)
        listed = [found["draft"], *found["versions"].values()]
    else:
        listed = [entry["draft"] for entry in call.kept("guardrails").values()]
    told = ("status", "name", "description", "version", "createdAt", "updatedAt", "crossRegionDetails")
    summaries = [
        {"id": entry["guardrailId"], "arn": entry["guardrailArn"], **{key: entry[key] for key in told if key in entry}}
        for entry in listed
    ]
    return call.page("guardrails", summaries)


def _create_guardrail_version(call: Call) -> Mapping[str, Any]:
    found = _found(call, call.parameters["guardrailIdentifier"])
    if found["draft"]["status"] != "READY":
        raise Refused("ConflictException", f"The guardrail is {found['draft']['status']}, not READY.")
    found["minted"] += 1
    number = str(found["minted"])
    now = _now()
    version = copy.deepcopy(found["draft"]) | {"version": number, "createdAt": now, "updatedAt": now}
    version.pop("description", None)
    if "description" in call.parameters:
        version["description"] = call.parameters["description"]
    found["versions"][number] = version
    return {"guardrailId": version["guardrailId"], "version": number}


# --- enforcement ------------------------------------------------------------------------------------------------


def _put_enforced(call: Call) -> Mapping[str, Any]:
    from moto.moto_api._internal import mock_random

    wanted = call.parameters["guardrailInferenceConfig"]
    guardrail = _version(_found(call, wanted["guardrailIdentifier"]), wanted["guardrailVersion"])
    if "automatedReasoningPolicy" in guardrail:
        raise Refused("ValidationException", "Automated Reasoning is not supported in an enforced guardrail.")
    enforced = call.kept("enforced")
    # The account has one configuration; whoever puts last, wins (cdk-preflight and issue reports, PRECONDITIONS.md).
    standing = next(iter(enforced), None)
    config_id = call.parameters.get("configId") or standing
    if config_id is not None and config_id not in enforced:
        raise Refused("ResourceNotFoundException", f"The enforced guardrail configuration {config_id} is not there.")
    config_id = config_id or mock_random.get_random_string(length=12, lower_case=True)
    now = _now()
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


# --- the account's settings -------------------------------------------------------------------------------------


def _get_retention(call: Call) -> Mapping[str, Any]:
    return call.kept("retention") or {"mode": "default"}


def _put_retention(call: Call) -> Mapping[str, Any]:
    retention = call.kept("retention")
    retention.update(mode=call.parameters["mode"], updatedAt=_now())
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
    policy = _json(bucket.policy) if bucket is not None and bucket.policy else {}
    if not policy_allows(policy, "s3:PutObject", resource, context, principal="bedrock.amazonaws.com"):
        raise Refused("ValidationException", f"Failed to validate permissions for S3 bucket: {name}.")


def _json(text: str | bytes) -> dict[str, Any]:
    import json

    document: dict[str, Any] = json.loads(text)
    return document


def _delete_logging(call: Call) -> None:
    call.kept("logging").clear()


# --- tags -------------------------------------------------------------------------------------------------------


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return call.kept("tags")


def _tagged(call: Call) -> dict[str, str]:
    arn = call.parameters["resourceARN"]
    if arn not in _tags(call):
        raise Refused("ResourceNotFoundException", f"The resource {arn} could not be found.")
    return _tags(call)[arn]


def _is_motos(call: Call) -> bool:
    """Whether the resource is one of those that moto keeps, and tags, itself."""
    return call.parameters["resourceARN"] in call.backend._list_arns()


def _tag(call: Call) -> Any:
    if _is_motos(call):
        return NotImplemented
    tags = _tagged(call)
    added = {tag["key"]: tag["value"] for tag in call.parameters["tags"]}
    if len(tags | added) > 50:
        raise Refused("TooManyTagsException", "A resource can have at most 50 tags.")
    tags.update(added)
    return None


def _untag(call: Call) -> Any:
    if _is_motos(call):
        return NotImplemented
    tags = _tagged(call)
    for key in call.parameters["tagKeys"]:
        tags.pop(key, None)
    return None


def _list_tags(call: Call) -> Any:
    if _is_motos(call):
        return NotImplemented
    return {"tags": [{"key": key, "value": value} for key, value in _tagged(call).items()]}


OPERATIONS = {
    "CreateGuardrail": _create_guardrail,
    "GetGuardrail": _get_guardrail,
    "UpdateGuardrail": _update_guardrail,
    "DeleteGuardrail": _delete_guardrail,
    "ListGuardrails": _list_guardrails,
    "CreateGuardrailVersion": _create_guardrail_version,
    "PutEnforcedGuardrailConfiguration": _put_enforced,
    "ListEnforcedGuardrailsConfiguration": _list_enforced,
    "DeleteEnforcedGuardrailConfiguration": _delete_enforced,
    "GetAccountDataRetention": _get_retention,
    "PutAccountDataRetention": _put_retention,
    "GetModelInvocationLoggingConfiguration": _get_logging,
    "PutModelInvocationLoggingConfiguration": _put_logging,
    "DeleteModelInvocationLoggingConfiguration": _delete_logging,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}
