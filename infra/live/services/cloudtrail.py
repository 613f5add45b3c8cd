"""CloudTrail: the account's trails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

# CloudFormation's name → the API's.
GIVEN = {
    "CloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "EnableLogFileValidation": "LogFileValidationEnabled",
    "IncludeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail": "IsMultiRegionTrail",
    "IsOrganizationTrail": "IsOrganizationTrail",
    "KMSKeyId": "KmsKeyId",
    "S3BucketName": "S3BucketName",
    "S3KeyPrefix": "S3KeyPrefix",
    "SnsTopicName": "SnsTopicName",
}


@reader
def trails(account: Account, names: Names) -> Iterator[Found]:
    """Trails of this account and region, and whether they record."""
    for trail in account.call("cloudtrail", "describe_trails", includeShadowTrails=False)["trailList"]:
        arn = trail["TrailARN"]
        selectors = account.call("cloudtrail", "get_event_selectors", TrailName=arn)
        yield Found(
            "AWS::CloudTrail::Trail",
            trail["Name"],
            {
                "IsLogging": account.call("cloudtrail", "get_trail_status", Name=arn)["IsLogging"],
                **{ours: trail[theirs] for ours, theirs in GIVEN.items() if trail.get(theirs) is not None},
                "EventSelectors": selectors.get("EventSelectors") or [],
                "AdvancedEventSelectors": selectors.get("AdvancedEventSelectors") or [],
            },
        )
