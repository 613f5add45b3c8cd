"""CloudWatch Logs: groups, metric filters, resource policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

GROUP = "AWS::Logs::LogGroup"
CRITERIA = "fieldSelectionCriteria"


@reader
def groups(account: Account, names: Names) -> Iterator[Found]:
    """Log groups that the enclave's stacks made, and the metric filters on them."""
    own = set(names.ids(GROUP, account.place))
    for group in account.all("logs", "describe_log_groups", "logGroups"):
        name = group["logGroupName"]
        if name not in own:
            continue
        given = {"KmsKeyId": "kmsKeyId", "RetentionInDays": "retentionInDays", "LogGroupClass": "logGroupClass"}
        yield Found(GROUP, name, {ours: group[theirs] for ours, theirs in given.items() if group.get(theirs)})
    for each in account.all("logs", "describe_metric_filters", "metricFilters"):
        if each["logGroupName"] in own:
            yield Found(
                "AWS::Logs::MetricFilter",
                each["filterName"],
                {
                    "LogGroupName": each["logGroupName"],
                    "FilterPattern": each.get("filterPattern", ""),
                    **({"FieldSelectionCriteria": each[CRITERIA]} if each.get(CRITERIA) else {}),
                    "MetricTransformations": [
                        {f"{key[0].upper()}{key[1:]}": value for key, value in transformation.items()}
                        for transformation in each["metricTransformations"]
                    ],
                },
            )


@reader
def resource_policies(account: Account, names: Names) -> Iterator[Found]:
    """Who may deliver into log groups; of those that no stack made, the ones that name something of it stay."""
    for policy in account.call("logs", "describe_resource_policies").get("resourcePolicies", []):
        yield Found("AWS::Logs::ResourcePolicy", policy["policyName"], {"PolicyDocument": policy["policyDocument"]})
