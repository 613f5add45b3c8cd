"""CloudWatch Logs' policies: what a group masks and indexes, and which services may write to groups.

API shapes: botocore 1.44.5, service `logs`; refusals and quotas: CloudWatch Logs API reference, read 2026-11-24.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.utils import unix_time_millis, utcnow
from moto.logs.responses import LogsResponse

from infra.local.operations import Call, named, serve
from infra.local.resource_type import Refused
from infra.local.rules import logs_resource_policy
from infra.local.services.logs import extra, group_of, identified, name_of, page


def extend() -> None:
    """Serve policies in place of moto's."""
    functions = (
        put_data_protection_policy,
        get_data_protection_policy,
        delete_data_protection_policy,
        put_index_policy,
        describe_index_policies,
        delete_index_policy,
        put_resource_policy,
        describe_resource_policies,
        delete_resource_policy,
    )
    serve(LogsResponse, {named(function): function for function in functions}, invalid="InvalidParameterException")


# Policies of a log group


def put_data_protection_policy(call: Call) -> dict[str, Any]:
    """PutDataProtectionPolicy."""
    group = identified(call)
    extra(call, group.name)["_data_protection"] = {**policy_of(call), "logGroupIdentifier": group.name}
    return dict(extra(call, group.name)["_data_protection"])


def get_data_protection_policy(call: Call) -> dict[str, Any]:
    """GetDataProtectionPolicy; a group without one answers without a document."""
    group = identified(call)
    return dict(extra(call, group.name).get("_data_protection", {"logGroupIdentifier": group.name}))


def delete_data_protection_policy(call: Call) -> None:
    """DeleteDataProtectionPolicy."""
    extra(call, identified(call).name).pop("_data_protection", None)


def put_index_policy(call: Call) -> dict[str, Any]:
    """PutIndexPolicy."""
    group, policy = identified(call), policy_of(call)
    told = {
        "logGroupIdentifier": group.arn,
        "lastUpdateTime": policy["lastUpdatedTime"],
        "policyDocument": policy["policyDocument"],
        "source": "LOG_GROUP",
    }
    extra(call, group.name)["_index"] = told
    return {"indexPolicy": told}


def describe_index_policies(call: Call) -> dict[str, Any]:
    """DescribeIndexPolicies."""
    groups = [group_of(call, name_of(one)) for one in call.parameters["logGroupIdentifiers"]]
    found = [extra(call, group.name).get("_index") for group in groups]
    return {"indexPolicies": [one for one in found if one]}


def delete_index_policy(call: Call) -> None:
    """DeleteIndexPolicy."""
    extra(call, identified(call).name).pop("_index", None)


# Resource policies: of the account by name, or of one log group


def put_resource_policy(call: Call) -> dict[str, Any]:
    """PutResourcePolicy."""
    asked, policies = call.parameters, call.kept("resource_policies")
    policy = policy_of(call)
    arn, name = asked.get("resourceArn"), asked.get("policyName")
    if arn:
        group_of(call, name_of(arn))
    elif not name:
        raise Refused("InvalidParameterException", "policyName or resourceArn is required")
    key = str(arn or name)
    if not arn:
        logs_resource_policy.size(policy["policyDocument"])
        logs_resource_policy.number(policies, key)
    revision = str(int(policies.get(key, {}).get("revisionId", 0)) + 1)
    scope = {"policyScope": "RESOURCE", "resourceArn": arn} if arn else {"policyScope": "ACCOUNT", "policyName": name}
    policies[key] = {**policy, **scope, "revisionId": revision}
    return {"resourcePolicy": policies[key], "revisionId": revision}


def describe_resource_policies(call: Call) -> dict[str, Any]:
    """DescribeResourcePolicies: the account's, unless a resource or its scope is asked for."""
    asked, policies = call.parameters, call.kept("resource_policies")
    if "resourceArn" in asked:
        found = [one for one in list(policies.values()) if one.get("resourceArn") == asked["resourceArn"]]
    else:
        scope = asked.get("policyScope", "ACCOUNT")
        found = [one for one in list(policies.values()) if one["policyScope"] == scope]
    return page("resourcePolicies", found, asked)


def delete_resource_policy(call: Call) -> None:
    """DeleteResourcePolicy."""
    key = call.parameters.get("resourceArn") or call.parameters.get("policyName", "")
    if call.kept("resource_policies").pop(key, None) is None:
        raise Refused("ResourceNotFoundException", f"Policy with name [{key}] does not exist")


def policy_of(call: Call) -> dict[str, Any]:
    """The policy a request carries, which must be JSON, and when it came."""
    document = call.parameters.get("policyDocument", "")
    try:
        json.loads(document)
    except ValueError:
        raise Refused("InvalidParameterException", "The policy document is not valid JSON") from None
    return {"policyDocument": document, "lastUpdatedTime": int(unix_time_millis(utcnow()))}
