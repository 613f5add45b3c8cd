"""CloudWatch Logs, where moto lacks or drops what an enclave relies on: keys, classes, protection, policies, filters.

API shapes: botocore 1.44.5, service `logs`; refusals: CloudWatch Logs API reference, read 2026-11-24.
"""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.responses import LogsResponse
from moto.utilities.tagging_service import TaggingService

from infra.local.operations import Call, serve
from infra.local.permissions import policy_allows
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from moto.logs.models import LogGroup

RETENTIONS = frozenset(
    (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
)
KEY_ACTIONS = ("Encrypt", "Decrypt", "ReEncryptFrom", "GenerateDataKey", "DescribeKey")
POLICY_LIMIT = 5120
POLICIES, FILTERS = 10, 100
"""Resource policies an account and region, metric filters a log group."""


def extend() -> None:
    """Serve this module's operations in place of moto's."""
    operations = {
        "".join(part.capitalize() for part in function.__name__.split("_")): function
        for function in (
            create_log_group,
            delete_log_group,
            describe_log_groups,
            put_log_group_deletion_protection,
            put_bearer_token_authentication,
            put_retention_policy,
            delete_retention_policy,
            associate_kms_key,
            disassociate_kms_key,
            put_data_protection_policy,
            get_data_protection_policy,
            delete_data_protection_policy,
            put_index_policy,
            describe_index_policies,
            delete_index_policy,
            put_resource_policy,
            describe_resource_policies,
            delete_resource_policy,
            put_metric_filter,
            describe_metric_filters,
            delete_metric_filter,
            list_tags_for_resource,
            tag_resource,
            untag_resource,
        )
    }
    serve(LogsResponse, operations, invalid="InvalidParameterException")


# Log groups


def create_log_group(call: Call) -> None:
    """CreateLogGroup, with its key, class and protection."""
    asked, name = call.parameters, call.parameters["logGroupName"]
    if name in call.backend.groups:
        raise Refused("ResourceAlreadyExistsException", "The specified log group already exists")
    if name.startswith("aws/"):
        raise Refused("InvalidParameterException", f"Log groups starting with AWS/ are reserved: {name}")
    if "kmsKeyId" in asked:
        _check_key(call, name, asked["kmsKeyId"])
    call.backend.create_log_group(name, asked.get("tags", {}), kmsKeyId=asked.get("kmsKeyId"))
    _extra(call, name)["logGroupClass"] = asked.get("logGroupClass", "STANDARD")
    _extra(call, name)["deletionProtectionEnabled"] = asked.get("deletionProtectionEnabled", False)


def delete_log_group(call: Call) -> None:
    """DeleteLogGroup: refused while protected; filters, policies and tags go with the group."""
    group = _group(call, call.parameters["logGroupName"])
    if _extra(call, group.name).get("deletionProtectionEnabled"):
        message = f"The log group {group.name} has deletion protection enabled and cannot be deleted."
        raise Refused("ValidationException", message)
    call.backend.tagger.delete_all_tags_for_resource(group.arn)
    call.backend.filters.metric_filters[:] = [
        one for one in call.backend.filters.metric_filters if one["logGroupName"] != group.name
    ]
    call.kept("log_groups").pop(group.name, None)
    call.backend.delete_log_group(group.name)


def describe_log_groups(call: Call) -> dict[str, Any]:
    """DescribeLogGroups, with every selector and everything a group carries."""
    asked = call.parameters
    names = [_name(one) for one in asked.get("logGroupIdentifiers", [])]
    pattern = f"*{asked.get('logGroupNamePattern', '').lower()}*"
    prefix = asked.get("logGroupNamePrefix", "")
    told = [
        _described(call, group)
        for name, group in sorted(call.backend.groups.items())
        if name.startswith(prefix) and (not names or name in names) and fnmatch.fnmatchcase(name.lower(), pattern)
    ]
    if wanted := asked.get("logGroupClass"):
        told = [one for one in told if one["logGroupClass"] == wanted]
    return _page("logGroups", told, asked)


def put_log_group_deletion_protection(call: Call) -> None:
    """PutLogGroupDeletionProtection."""
    group = _identified(call)
    _extra(call, group.name)["deletionProtectionEnabled"] = call.parameters["deletionProtectionEnabled"]


def put_bearer_token_authentication(call: Call) -> None:
    """PutBearerTokenAuthentication."""
    group = _identified(call)
    _extra(call, group.name)["bearerTokenAuthenticationEnabled"] = call.parameters["bearerTokenAuthenticationEnabled"]


def put_retention_policy(call: Call) -> None:
    """PutRetentionPolicy, in the numbers of days that AWS offers."""
    days = call.parameters["retentionInDays"]
    if days not in RETENTIONS:
        offered = ", ".join(str(one) for one in sorted(RETENTIONS))
        message = f"Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must be one of {offered}"
        raise Refused("InvalidParameterException", message)
    _group(call, call.parameters["logGroupName"]).set_retention_policy(days)


def delete_retention_policy(call: Call) -> None:
    """DeleteRetentionPolicy: events never expire."""
    _group(call, call.parameters["logGroupName"]).set_retention_policy(None)


def associate_kms_key(call: Call) -> None:
    """AssociateKmsKey, of a group by its name or ARN."""
    group = _group(call, _name(call.parameters.get("logGroupName") or call.parameters.get("resourceIdentifier", "")))
    _check_key(call, group.name, call.parameters["kmsKeyId"])
    group.kms_key_id = call.parameters["kmsKeyId"]


def disassociate_kms_key(call: Call) -> None:
    """DisassociateKmsKey."""
    group = _group(call, _name(call.parameters.get("logGroupName") or call.parameters.get("resourceIdentifier", "")))
    group.kms_key_id = None


def _described(call: Call, group: LogGroup) -> dict[str, Any]:
    extra = {name: value for name, value in _extra(call, group.name).items() if name[0] != "_"}
    filters = [one for one in call.backend.filters.metric_filters if one["logGroupName"] == group.name]
    protected = {"dataProtectionStatus": "ACTIVATED"} if "_data_protection" in _extra(call, group.name) else {}
    defaults = {"logGroupClass": "STANDARD", "deletionProtectionEnabled": False}
    return {**group.to_describe_dict(), "metricFilterCount": len(filters), **defaults, **extra, **protected}


def _check_key(call: Call, name: str, key_id: str) -> None:
    """Refuse a key that is not there or whose policy does not let CloudWatch Logs use it for this group."""
    from moto.kms.models import kms_backends

    group = f"arn:{call.partition}:logs:{call.region}:{call.account}:log-group:{name}"
    message = f"The specified KMS key does not exist or is not allowed to be used with Arn '{group}'"
    refused = Refused("AccessDeniedException", message)
    if not key_id.startswith("arn:"):
        raise Refused("InvalidParameterException", f"kmsKeyId must be the ARN of a key, got {key_id}")
    _, _, _, region, account, resource = key_id.split(":", 5)
    backend = kms_backends[account][region]
    key = backend.keys.get(resource.removeprefix("key/"))
    if key is None or not key.enabled or region != call.region:
        raise refused
    context = {"kms:encryptioncontext:aws:logs:arn": group, "kms:viaservice": f"logs.{region}.amazonaws.com"}
    policy = json.loads(key.policy)
    service = f"logs.{call.region}.amazonaws.com"
    if not all(policy_allows(policy, f"kms:{one}", key.arn, context, principal=service) for one in KEY_ACTIONS):
        raise refused


# Policies of a log group


def put_data_protection_policy(call: Call) -> dict[str, Any]:
    """PutDataProtectionPolicy."""
    group = _identified(call)
    _extra(call, group.name)["_data_protection"] = {**_policy(call), "logGroupIdentifier": group.name}
    return dict(_extra(call, group.name)["_data_protection"])


def get_data_protection_policy(call: Call) -> dict[str, Any]:
    """GetDataProtectionPolicy; a group without one answers without a document."""
    group = _identified(call)
    return dict(_extra(call, group.name).get("_data_protection", {"logGroupIdentifier": group.name}))


def delete_data_protection_policy(call: Call) -> None:
    """DeleteDataProtectionPolicy."""
    _extra(call, _identified(call).name).pop("_data_protection", None)


def put_index_policy(call: Call) -> dict[str, Any]:
    """PutIndexPolicy."""
    group, policy = _identified(call), _policy(call)
    told = {
        "logGroupIdentifier": group.arn,
        "lastUpdateTime": policy["lastUpdatedTime"],
        "policyDocument": policy["policyDocument"],
        "source": "LOG_GROUP",
    }
    _extra(call, group.name)["_index"] = told
    return {"indexPolicy": told}


def describe_index_policies(call: Call) -> dict[str, Any]:
    """DescribeIndexPolicies."""
    groups = [_group(call, _name(one)) for one in call.parameters["logGroupIdentifiers"]]
    found = [_extra(call, group.name).get("_index") for group in groups]
    return {"indexPolicies": [one for one in found if one]}


def delete_index_policy(call: Call) -> None:
    """DeleteIndexPolicy."""
    _extra(call, _identified(call).name).pop("_index", None)


# Resource policies: of the account by name, or of one log group


def put_resource_policy(call: Call) -> dict[str, Any]:
    """PutResourcePolicy."""
    asked, policies = call.parameters, call.kept("resource_policies")
    policy = _policy(call)
    if len(policy["policyDocument"]) > POLICY_LIMIT:
        message = f"Resource policy has {len(policy['policyDocument'])} characters, at most {POLICY_LIMIT} are allowed"
        raise Refused("InvalidParameterException", message)
    arn, name = asked.get("resourceArn"), asked.get("policyName")
    if arn:
        _group(call, _name(arn))
    elif not name:
        raise Refused("InvalidParameterException", "policyName or resourceArn is required")
    of_account = [key for key in policies if not key.startswith("arn:")]
    key = str(arn or name)
    if not arn and key not in policies and len(of_account) >= POLICIES:
        raise Refused("LimitExceededException", "Resource limit exceeded.")
    revision = str(int(policies.get(key, {}).get("revisionId", 0)) + 1)
    scope = {"policyScope": "RESOURCE", "resourceArn": arn} if arn else {"policyScope": "ACCOUNT", "policyName": name}
    policies[key] = {**policy, **scope, "revisionId": revision}
    return {"resourcePolicy": policies[key], "revisionId": revision}


def describe_resource_policies(call: Call) -> dict[str, Any]:
    """DescribeResourcePolicies: the account's, unless a resource or its scope is asked for."""
    asked, policies = call.parameters, call.kept("resource_policies")
    if "resourceArn" in asked:
        found = [one for one in policies.values() if one.get("resourceArn") == asked["resourceArn"]]
    else:
        scope = asked.get("policyScope", "ACCOUNT")
        found = [one for one in policies.values() if one["policyScope"] == scope]
    return _page("resourcePolicies", found, asked)


def delete_resource_policy(call: Call) -> None:
    """DeleteResourcePolicy."""
    key = call.parameters.get("resourceArn") or call.parameters.get("policyName", "")
    if call.kept("resource_policies").pop(key, None) is None:
        raise Refused("ResourceNotFoundException", f"Policy with name [{key}] does not exist")


# Metric filters


def put_metric_filter(call: Call) -> None:
    """PutMetricFilter: one filter by that name in a group, made or overwritten."""
    asked = dict(call.parameters)
    group = _group(call, asked["logGroupName"])
    if _extra(call, group.name).get("logGroupClass", "STANDARD") != "STANDARD":
        raise Refused("InvalidOperationException", "Metric filters need a log group of the STANDARD class")
    if len(asked["metricTransformations"]) != 1:
        raise Refused("InvalidParameterException", "metricTransformations must have exactly one item")
    for transformation in asked["metricTransformations"]:
        if "defaultValue" in transformation and "dimensions" in transformation:
            message = "Invalid metric transformation: dimensions and default value are mutually exclusive properties."
            raise Refused("InvalidParameterException", message)
    filters = call.backend.filters.metric_filters
    others = [one for one in filters if not _is(one, asked["filterName"], group.name)]
    if sum(one["logGroupName"] == group.name for one in others) >= FILTERS:
        raise Refused("LimitExceededException", "Resource limit exceeded.")
    filters[:] = [*others, {"creationTime": int(unix_time_millis(utcnow())), **asked}]


def describe_metric_filters(call: Call) -> dict[str, Any]:
    """DescribeMetricFilters."""
    asked = call.parameters
    if "logGroupName" in asked:
        _group(call, asked["logGroupName"])
    if ("metricName" in asked) != ("metricNamespace" in asked):
        raise Refused("InvalidParameterException", "metricName and metricNamespace go together")
    found = call.backend.filters.get_matching_filters(
        asked.get("filterNamePrefix"), asked.get("logGroupName"), asked.get("metricName"), asked.get("metricNamespace")
    )
    return _page("metricFilters", sorted(found, key=lambda one: (one["logGroupName"], one["filterName"])), asked)


def delete_metric_filter(call: Call) -> None:
    """DeleteMetricFilter."""
    asked = call.parameters
    group = _group(call, asked["logGroupName"])
    filters = call.backend.filters.metric_filters
    kept = [one for one in filters if not _is(one, asked["filterName"], group.name)]
    if len(kept) == len(filters):
        raise Refused("ResourceNotFoundException", "The specified metric filter does not exist.")
    filters[:] = kept


def _is(one: dict[str, Any], name: str, group: str) -> bool:
    return (one["filterName"], one["logGroupName"]) == (name, group)


# Tags


def list_tags_for_resource(call: Call) -> dict[str, Any]:
    """ListTagsForResource."""
    return {"tags": call.backend.list_tags_for_resource(_tagged(call))}


def tag_resource(call: Call) -> None:
    """TagResource."""
    call.backend.tagger.tag_resource(_tagged(call), TaggingService.convert_dict_to_tags_input(call.parameters["tags"]))


def untag_resource(call: Call) -> None:
    """UntagResource."""
    call.backend.untag_resource(_tagged(call), call.parameters["tagKeys"])


def _tagged(call: Call) -> str:
    arn: str = call.parameters["resourceArn"].removesuffix(":*")
    if ":log-group:" in arn:
        _group(call, _name(arn))
    return arn


# What several operations share


def _group(call: Call, name: str) -> LogGroup:
    group: LogGroup | None = call.backend.groups.get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def _identified(call: Call) -> LogGroup:
    return _group(call, _name(call.parameters["logGroupIdentifier"]))


def _name(identifier: str) -> str:
    """A group's name from its name or ARN."""
    return identifier.split(":log-group:", 1)[-1].removesuffix(":*")


def _extra(call: Call, name: str) -> dict[str, Any]:
    """What moto's LogGroup has no place for; names that start with `_` are not told by DescribeLogGroups."""
    found: dict[str, Any] = call.kept("log_groups").setdefault(name, {})
    return found


def _policy(call: Call) -> dict[str, Any]:
    document = call.parameters.get("policyDocument", "")
    try:
        json.loads(document)
    except ValueError:
        raise Refused("InvalidParameterException", "The policy document is not valid JSON") from None
    return {"policyDocument": document, "lastUpdatedTime": int(unix_time_millis(utcnow()))}


def _page(member: str, found: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """One page: the token is the number of the next item."""
    start = int(asked.get("nextToken", 0))
    end = start + asked.get("limit", 50)
    return {member: found[start:end], **({"nextToken": str(end)} if end < len(found) else {})}
