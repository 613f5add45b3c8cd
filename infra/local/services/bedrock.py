"""Bedrock's guardrails and their versions.

moto has invocation logging and model customisation alone. Sources: botocore 1.44.5's service model for
shapes, limits and error codes; the Bedrock API reference and user guide for behaviour, read 2026-11-24.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.keys import find
from infra.local.operations import Call, check, serve
from infra.local.resource_type import Refused
from infra.local.rules import bedrock_guardrail, bedrock_guardrail_version

if TYPE_CHECKING:
    from collections.abc import Mapping

Guardrail = dict[str, Any]


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
        named = parameters["crossRegionConfig"]["guardrailProfileIdentifier"]
        bedrock_guardrail.profile(call, named)
        profile = named.rpartition("/")[2]
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
    bedrock_guardrail.a_policy(told)
    bedrock_guardrail.prompt_attack(told)
    bedrock_guardrail.duplicates(told)
    bedrock_guardrail.standard_tier(told)
    bedrock_guardrail.grounding(told)


def _key_arn(call: Call, key: str) -> str:
    there = find(key, call.account, call.region)
    bedrock_guardrail.key(key, there)
    return str(there.arn) if there else ""


def found(call: Call, identifier: str) -> dict[str, Any]:
    """The guardrail of this id or ARN: its draft, its versions, and how many were minted."""
    guardrails = call.kept("guardrails")
    guardrail: dict[str, Any] | None = guardrails.get(identifier.rpartition("/")[2])
    if guardrail is None or ("/" in identifier and guardrail["draft"]["guardrailArn"] != identifier):
        raise Refused("ResourceNotFoundException", f"The guardrail {identifier} could not be found.")
    return guardrail


def version_of(guardrail: Mapping[str, Any], version: str) -> Guardrail:
    """One version of a guardrail, or DRAFT."""
    if version == "DRAFT":
        return dict(guardrail["draft"])
    if version not in guardrail["versions"]:
        arn = guardrail["draft"]["guardrailArn"]
        raise Refused("ResourceNotFoundException", f"Version {version} of the guardrail {arn} could not be found.")
    return dict(guardrail["versions"][version])


def _get_guardrail(call: Call) -> Mapping[str, Any]:
    guardrail = found(call, call.parameters["guardrailIdentifier"])
    return version_of(guardrail, call.parameters.get("guardrailVersion", "DRAFT"))


def _update_guardrail(call: Call) -> Mapping[str, Any]:
    guardrail = found(call, call.parameters["guardrailIdentifier"])
    old = guardrail["draft"]
    wanted = _described(call, call.parameters)
    others = (other["draft"] for other in call.kept("guardrails").values())
    if any(other["name"] == wanted["name"] and other is not old for other in others):
        raise Refused("ConflictException", "Another guardrail in your account already has this name.")
    keep = {key: old[key] for key in ("guardrailId", "guardrailArn", "version", "status", "createdAt")}
    guardrail["draft"] = {**wanted, **keep, "updatedAt": _now()}
    return {key: guardrail["draft"][key] for key in ("guardrailId", "guardrailArn", "version", "updatedAt")}


def _delete_guardrail(call: Call) -> None:
    guardrail = found(call, call.parameters["guardrailIdentifier"])
    version = call.parameters.get("guardrailVersion")
    doomed = [version] if version else list(guardrail["versions"])
    for enforced in call.kept("enforced").values():
        if enforced["guardrailId"] == guardrail["draft"]["guardrailId"] and enforced["guardrailVersion"] in doomed:
            what = f"{enforced['guardrailArn']} version {enforced['guardrailVersion']}"
            raise Refused("ResourceInUseException", f"The guardrail {what} is in use by an enforced configuration.")
    if version:
        version_of(guardrail, version)
        del guardrail["versions"][version]
    else:
        del call.kept("guardrails")[guardrail["draft"]["guardrailId"]]
        _tags(call).pop(guardrail["draft"]["guardrailArn"], None)


def _list_guardrails(call: Call) -> Mapping[str, Any]:
    identifier = call.parameters.get("guardrailIdentifier")
    if identifier:
        guardrail = found(call, identifier)
        listed = [guardrail["draft"], *guardrail["versions"].values()]
    else:
        listed = [entry["draft"] for entry in call.kept("guardrails").values()]
    told = ("status", "name", "description", "version", "createdAt", "updatedAt", "crossRegionDetails")
    summaries = [
        {"id": entry["guardrailId"], "arn": entry["guardrailArn"], **{key: entry[key] for key in told if key in entry}}
        for entry in listed
    ]
    return call.page("guardrails", summaries)


def _create_guardrail_version(call: Call) -> Mapping[str, Any]:
    guardrail = found(call, call.parameters["guardrailIdentifier"])
    bedrock_guardrail_version.quota(call.account, call.region, guardrail)
    guardrail["minted"] += 1
    number = str(guardrail["minted"])
    now = _now()
    version = copy.deepcopy(guardrail["draft"]) | {"version": number, "createdAt": now, "updatedAt": now}
    version.pop("description", None)
    if "description" in call.parameters:
        version["description"] = call.parameters["description"]
    guardrail["versions"][number] = version
    return {"guardrailId": version["guardrailId"], "version": number}


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
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": _list_tags,
}
