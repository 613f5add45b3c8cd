"""CloudWatch Logs' groups, where moto lacks or drops what an enclave relies on: keys, classes, protection, tags.

API shapes: botocore 1.44.5, service `logs`; refusals: CloudWatch Logs API reference, read 2026-11-24.
"""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING, Any

from moto.logs.responses import LogsResponse
from moto.utilities.tagging_service import TaggingService

from infra.local.operations import Call, named, serve
from infra.local.resource_type import Refused
from infra.local.rules import logs_log_group

if TYPE_CHECKING:
    from moto.logs.models import LogGroup

RETENTIONS = frozenset(
    (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
)


def extend() -> None:
    """Serve log groups and their tags in place of moto's."""
    functions = (
        create_log_group,
        delete_log_group,
        describe_log_groups,
        put_log_group_deletion_protection,
        put_bearer_token_authentication,
        put_retention_policy,
        delete_retention_policy,
        associate_kms_key,
        disassociate_kms_key,
        list_tags_for_resource,
        tag_resource,
        untag_resource,
    )
    serve(LogsResponse, {named(function): function for function in functions}, invalid="InvalidParameterException")


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
    extra(call, name)["logGroupClass"] = asked.get("logGroupClass", "STANDARD")
    extra(call, name)["deletionProtectionEnabled"] = asked.get("deletionProtectionEnabled", False)


def delete_log_group(call: Call) -> None:
    """DeleteLogGroup: refused while protected; filters, policies and tags go with the group."""
    group = group_of(call, call.parameters["logGroupName"])
    if extra(call, group.name).get("deletionProtectionEnabled"):
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
    names = [name_of(one) for one in asked.get("logGroupIdentifiers", [])]
    pattern = f"*{asked.get('logGroupNamePattern', '').lower()}*"
    prefix = asked.get("logGroupNamePrefix", "")
    told = [
        _described(call, group)
        for name, group in sorted(call.backend.groups.items())
        if name.startswith(prefix) and (not names or name in names) and fnmatch.fnmatchcase(name.lower(), pattern)
    ]
    if wanted := asked.get("logGroupClass"):
        told = [one for one in told if one["logGroupClass"] == wanted]
    return page("logGroups", told, asked)


def put_log_group_deletion_protection(call: Call) -> None:
    """PutLogGroupDeletionProtection."""
    group = identified(call)
    extra(call, group.name)["deletionProtectionEnabled"] = call.parameters["deletionProtectionEnabled"]


def put_bearer_token_authentication(call: Call) -> None:
    """PutBearerTokenAuthentication."""
    group = identified(call)
    extra(call, group.name)["bearerTokenAuthenticationEnabled"] = call.parameters["bearerTokenAuthenticationEnabled"]


def put_retention_policy(call: Call) -> None:
    """PutRetentionPolicy, in the numbers of days that AWS offers."""
    days = call.parameters["retentionInDays"]
    if days not in RETENTIONS:
        offered = ", ".join(str(one) for one in sorted(RETENTIONS))
        message = f"Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must be one of {offered}"
        raise Refused("InvalidParameterException", message)
    group_of(call, call.parameters["logGroupName"]).set_retention_policy(days)


def delete_retention_policy(call: Call) -> None:
    """DeleteRetentionPolicy: events never expire."""
    group_of(call, call.parameters["logGroupName"]).set_retention_policy(None)


def associate_kms_key(call: Call) -> None:
    """AssociateKmsKey, of a group by its name or ARN."""
    group = group_of(
        call, name_of(call.parameters.get("logGroupName") or call.parameters.get("resourceIdentifier", ""))
    )
    _check_key(call, group.name, call.parameters["kmsKeyId"])
    group.kms_key_id = call.parameters["kmsKeyId"]


def disassociate_kms_key(call: Call) -> None:
    """DisassociateKmsKey."""
    group = group_of(
        call, name_of(call.parameters.get("logGroupName") or call.parameters.get("resourceIdentifier", ""))
    )
    group.kms_key_id = None


def _keyed(call: Call) -> LogGroup:
    asked = call.parameters
    return group_of(call, name_of(asked.get("logGroupName") or asked.get("resourceIdentifier", "")))


def _described(call: Call, group: LogGroup) -> dict[str, Any]:
    more = {name: value for name, value in extra(call, group.name).items() if name[0] != "_"}
    filters = [one for one in call.backend.filters.metric_filters if one["logGroupName"] == group.name]
    protected = {"dataProtectionStatus": "ACTIVATED"} if "_data_protection" in extra(call, group.name) else {}
    defaults = {"logGroupClass": "STANDARD", "deletionProtectionEnabled": False}
    return {**group.to_describe_dict(), "metricFilterCount": len(filters), **defaults, **more, **protected}


def _check_key(call: Call, name: str, key_id: str) -> None:
    if not key_id.startswith("arn:"):
        raise Refused("InvalidParameterException", f"kmsKeyId must be the ARN of a key, got {key_id}")
    logs_log_group.key_policy(call, name, key_id)


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
        group_of(call, name_of(arn))
    return arn


# What several operations share


def group_of(call: Call, name: str) -> LogGroup:
    """The group of this name, or AWS's refusal."""
    group: LogGroup | None = call.backend.groups.get(name)
    if group is None:
        raise Refused("ResourceNotFoundException", "The specified log group does not exist.")
    return group


def identified(call: Call) -> LogGroup:
    """The group that a request's logGroupIdentifier names."""
    return group_of(call, name_of(call.parameters["logGroupIdentifier"]))


def name_of(identifier: str) -> str:
    """A group's name from its name or ARN."""
    return identifier.split(":log-group:", 1)[-1].removesuffix(":*")


def extra(call: Call, name: str) -> dict[str, Any]:
    """What moto's LogGroup has no place for; names that start with `_` are not told by DescribeLogGroups."""
    found: dict[str, Any] = call.kept("log_groups").setdefault(name, {})
    return found


def page(member: str, found: list[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """One page: the token is the number of the next item."""
    start = int(asked.get("nextToken", 0))
    end = start + asked.get("limit", 50)
    return {member: found[start:end], **({"nextToken": str(end)} if end < len(found) else {})}
