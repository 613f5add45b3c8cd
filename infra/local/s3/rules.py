"""Lifecycle and notification rules of a bucket, where CloudFormation's shape is not the API's.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html, read 2026-11-24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Rule = dict[str, Any]
KINDS = {
    "TopicConfigurations": ("Topic", "TopicConfigurations", "TopicArn"),
    "QueueConfigurations": ("Queue", "QueueConfigurations", "QueueArn"),
    "LambdaConfigurations": ("Function", "LambdaFunctionConfigurations", "LambdaFunctionArn"),
}
"""CloudFormation's list, its member for the destination, the API's list, the API's member."""
SMALLEST = "all_storage_classes_128K"
SIZES = ("ObjectSizeGreaterThan", "ObjectSizeLessThan")


def lifecycle_rule(rule: Rule) -> Rule:
    """A template's rule in the API's shape."""
    made: Rule = {key: rule[key] for key in ("Status", "AbortIncompleteMultipartUpload") if key in rule}
    if "Id" in rule:
        made["ID"] = rule["Id"]
    expiration = {
        theirs: rule[ours]
        for ours, theirs in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if ours in rule
    }
    noncurrent = rule.get("NoncurrentVersionExpiration") or (
        {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
        if "NoncurrentVersionExpirationInDays" in rule
        else {}
    )
    transitions = [*rule.get("Transitions", []), *filter(None, [rule.get("Transition")])]
    later = [*rule.get("NoncurrentVersionTransitions", []), *filter(None, [rule.get("NoncurrentVersionTransition")])]
    parts = {
        "Expiration": expiration,
        "NoncurrentVersionExpiration": noncurrent,
        "Transitions": [_renamed(t, {"TransitionInDays": "Days", "TransitionDate": "Date"}) for t in transitions],
        "NoncurrentVersionTransitions": [_renamed(t, {"TransitionInDays": "NoncurrentDays"}) for t in later],
    }
    return {**made, "Filter": _filter(rule), **{key: value for key, value in parts.items() if value}}


def lifecycle_property(rule: Rule) -> Rule:
    """The API's rule in a template's shape."""
    read: Rule = {key: rule[key] for key in ("Status", "AbortIncompleteMultipartUpload") if key in rule}
    if "ID" in rule:
        read["Id"] = rule["ID"]
    expiration = rule.get("Expiration", {})
    names = {"Days": "ExpirationInDays", "Date": "ExpirationDate"}
    read |= {names.get(key, key): _date(value) for key, value in expiration.items()}
    if "NoncurrentVersionExpiration" in rule:
        read["NoncurrentVersionExpiration"] = rule["NoncurrentVersionExpiration"]
    if "Transitions" in rule:
        back = {"Days": "TransitionInDays", "Date": "TransitionDate"}
        read["Transitions"] = [_renamed(t, back) for t in rule["Transitions"]]
    if "NoncurrentVersionTransitions" in rule:
        back = {"NoncurrentDays": "TransitionInDays"}
        read["NoncurrentVersionTransitions"] = [_renamed(t, back) for t in rule["NoncurrentVersionTransitions"]]
    criteria = rule.get("Filter", {})
    criteria = {**{k: v for k, v in criteria.items() if k != "And"}, **criteria.get("And", {})}
    prefix = criteria.get("Prefix", rule.get("Prefix"))
    tags = criteria.get("Tags") or ([criteria["Tag"]] if "Tag" in criteria else [])
    read |= {size: str(criteria[size]) for size in SIZES if size in criteria}
    return {**read, **({"Prefix": prefix} if prefix else {}), **({"TagFilters": tags} if tags else {})}


def lifecycle_configuration(answer: Mapping[str, Any]) -> Rule:
    """The API's answer in a template's shape; it always tells the smallest size, a template only its exception."""
    read: Rule = {"Rules": [lifecycle_property(rule) for rule in answer["Rules"]]}
    smallest = answer.get("TransitionDefaultMinimumObjectSize", SMALLEST)
    return read if smallest == SMALLEST else {**read, "TransitionDefaultMinimumObjectSize": smallest}


def _filter(rule: Rule) -> Rule:
    """One criterion stands alone, several stand under And."""
    criteria = {key: rule[key] for key in ("Prefix", *SIZES) if key in rule}
    tags = rule.get("TagFilters", [])
    if len(criteria) + len(tags) > 1:
        return {"And": {**criteria, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return criteria or {"Prefix": ""}


def _renamed(value: Rule, names: dict[str, str]) -> Rule:
    return {names.get(key, key): _date(item) for key, item in value.items()}


def _date(value: Any) -> Any:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else value


def notification(configuration: Rule) -> Rule:
    """A template's NotificationConfiguration in the API's shape."""
    made: Rule = {}
    bridge = configuration.get("EventBridgeConfiguration")
    if bridge is not None and bridge.get("EventBridgeEnabled", True) in (True, "true"):
        made["EventBridgeConfiguration"] = {}
    for ours, (member, theirs, arn) in KINDS.items():
        for rule in configuration.get(ours, []):
            one = {arn: rule[member], "Events": [rule["Event"]]}
            if "Filter" in rule:
                one["Filter"] = {"Key": {"FilterRules": rule["Filter"]["S3Key"]["Rules"]}}
            made.setdefault(theirs, []).append(one)
    return made


def notification_property(answer: Mapping[str, Any]) -> Rule | None:
    """The API's answer in a template's shape; None if nothing is notified."""
    read: Rule = {}
    if "EventBridgeConfiguration" in answer:
        read["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    for ours, (member, theirs, arn) in KINDS.items():
        for rule in answer.get(theirs, []):
            for event in rule["Events"]:
                one = {"Event": event, member: rule[arn]}
                if "Filter" in rule:
                    one["Filter"] = {"S3Key": {"Rules": rule["Filter"]["Key"]["FilterRules"]}}
                read.setdefault(ours, []).append(one)
    return read or None


def logging_property(answer: Mapping[str, Any]) -> Rule | None:
    """Where access logs go, in the API's names; a template need not say that there is no prefix."""
    enabled = answer.get("LoggingEnabled")
    return enabled and {key: value for key, value in enabled.items() if (key, value) != ("TargetPrefix", "")}


def website(configuration: Rule) -> Rule:
    """A template's website in the API's shape: its documents are structures there."""
    documents: Rule = {}
    if "IndexDocument" in configuration:
        documents["IndexDocument"] = {"Suffix": configuration["IndexDocument"]}
    if "ErrorDocument" in configuration:
        documents["ErrorDocument"] = {"Key": configuration["ErrorDocument"]}
    return {**configuration, **documents}


def website_property(answer: Mapping[str, Any]) -> Rule:
    """The API's website in a template's shape."""
    read: Rule = {key: answer[key] for key in ("RedirectAllRequestsTo", "RoutingRules") if key in answer}
    if "IndexDocument" in answer:
        read["IndexDocument"] = answer["IndexDocument"]["Suffix"]
    if "ErrorDocument" in answer:
        read["ErrorDocument"] = answer["ErrorDocument"]["Key"]
    return read


def inventory(configuration: Rule) -> Rule:
    """A template's inventory in the API's shape: enabled, scheduled and filtered by other names."""
    made: Rule = {
        key: configuration[key]
        for key in ("Destination", "Id", "IncludedObjectVersions", "OptionalFields")
        if key in configuration
    }
    made["Destination"] = {"S3BucketDestination": configuration["Destination"]}
    made["IsEnabled"] = configuration["Enabled"]
    made["Schedule"] = {"Frequency": configuration["ScheduleFrequency"]}
    return {**made, **({"Filter": {"Prefix": configuration["Prefix"]}} if "Prefix" in configuration else {})}


def inventory_property(configuration: Rule) -> Rule:
    """The API's inventory in a template's shape."""
    read: Rule = {
        key: configuration[key] for key in ("Id", "IncludedObjectVersions", "OptionalFields") if key in configuration
    }
    read["Destination"] = configuration["Destination"]["S3BucketDestination"]
    read["Enabled"] = configuration["IsEnabled"]
    read["ScheduleFrequency"] = configuration["Schedule"]["Frequency"]
    return {**read, **({"Prefix": configuration["Filter"]["Prefix"]} if "Filter" in configuration else {})}


def filtered(configuration: Rule) -> Rule:
    """A template's configuration whose Prefix, TagFilters and AccessPointArn are one Filter in the API."""
    criteria: Rule = {key: configuration[key] for key in ("AccessPointArn", "Prefix") if key in configuration}
    tags = configuration.get("TagFilters", [])
    rest: Rule = {key: value for key, value in configuration.items() if key not in (*criteria, "TagFilters")}
    if len(criteria) + len(tags) > 1:
        criteria = {"And": {**criteria, **({"Tags": tags} if tags else {})}}
    elif tags:
        criteria = {"Tag": tags[0]}
    return {**rest, **({"Filter": criteria} if criteria else {})}


def unfiltered(configuration: Rule) -> Rule:
    """The API's configuration with its Filter taken apart again."""
    criteria = configuration.get("Filter", {})
    criteria = {**{k: v for k, v in criteria.items() if k != "And"}, **criteria.get("And", {})}
    tags = criteria.pop("Tags", None) or ([criteria.pop("Tag")] if "Tag" in criteria else [])
    rest = {key: value for key, value in configuration.items() if key != "Filter"}
    return {**rest, **criteria, **({"TagFilters": tags} if tags else {})}
