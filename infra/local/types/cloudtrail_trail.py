"""AWS::CloudTrail::Trail."""

from __future__ import annotations

from typing import Any

from infra.local import tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import from_api, to_api

GONE = ("TrailNotFoundException",)
LATER = ("AdvancedEventSelectors", "EventSelectors", "InsightSelectors", "IsLogging", "Tags", "TrailName")
DEFAULTS = {
    "CloudWatchLogsLogGroupArn": "",
    "CloudWatchLogsRoleArn": "",
    "EnableLogFileValidation": False,
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "IsOrganizationTrail": False,
    "KMSKeyId": "",
    "S3KeyPrefix": "",
    "SnsTopicName": "",
}
"""What a property goes back to when it leaves the template."""
EVENTS = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]
"""What a trail without selectors of its own records.

Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html, read 2026-11-24.
"""


class Trail(ResourceType, name="AWS::CloudTrail::Trail"):
    """A trail, the selectors of what it records, and whether it records now."""

    def create(self, properties: Properties, context: Context) -> str:
        trails = context.client("cloudtrail")
        name = properties.get("TrailName") or context.generated_name(128)
        labels = tags.as_list(tags.wanted(properties, context.tags))
        made = trails.create_trail(**to_api(trails, "create_trail", properties, omit=LATER, Name=name, TagsList=labels))
        with undone(lambda: trails.delete_trail(Name=name)):
            self._select(trails, name, {}, properties)
            if properties["IsLogging"] in (True, "true"):
                trails.start_logging(Name=name)
        return str(made["Name"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        trails = context.client("cloudtrail")
        found = if_there(trails.get_trail, *GONE, Name=physical_id)
        if found is None:
            return None
        trail = found["Trail"]
        insight = if_there(trails.get_insight_selectors, "InsightNotEnabledException", TrailName=physical_id)
        whole = {**trail, **trails.get_event_selectors(TrailName=physical_id), **(insight or {})}
        renames = {"LogFileValidationEnabled": "EnableLogFileValidation", "Name": "TrailName", "TrailARN": "Arn"}
        read = from_api(self.type_name, context.region, whole, rename=renames)
        read["IsLogging"] = trails.get_trail_status(Name=physical_id)["IsLogging"]
        known = trails.list_tags(ResourceIdList=[trail["TrailARN"]])["ResourceTagList"][0]["TagsList"]
        parts = {"Tags": tags.as_list(tags.as_map(known))}
        return {name: value for name, value in {**read, **parts}.items() if value not in ([], None)}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        trails = context.client("cloudtrail")
        left = {name: default for name, default in DEFAULTS.items() if name in old and name not in new}
        trails.update_trail(**to_api(trails, "update_trail", {**left, **new}, omit=LATER, Name=physical_id))
        self._select(trails, physical_id, old, new)
        if new["IsLogging"] in (True, "true"):
            trails.start_logging(Name=physical_id)
        else:
            trails.stop_logging(Name=physical_id)
        arn = trails.get_trail(Name=physical_id)["Trail"]["TrailARN"]
        known = tags.as_map(trails.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"])
        tags.settle(
            known,
            tags.wanted(new, context.tags),
            put=lambda put: trails.add_tags(ResourceId=arn, TagsList=tags.as_list(put)),
            drop=lambda keys: trails.remove_tags(
                ResourceId=arn, TagsList=[{"Key": key, "Value": known[key]} for key in keys]
            ),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done(*GONE):
            context.client("cloudtrail").delete_trail(Name=physical_id)

    @staticmethod
    def _select(trails: Any, name: str, old: Properties, new: Properties) -> None:
        """Put the event and insight selectors where they differ; a trail that loses its own has the default."""
        selectors = ("AdvancedEventSelectors", "EventSelectors")
        events = {key: new[key] for key in selectors if key in new}
        if events != {key: old[key] for key in selectors if key in old}:
            events = events or {"EventSelectors": EVENTS}
            trails.put_event_selectors(**to_api(trails, "put_event_selectors", events, TrailName=name))
        if new.get("InsightSelectors", []) != old.get("InsightSelectors", []):
            insight = {"InsightSelectors": new.get("InsightSelectors", [])}
            trails.put_insight_selectors(**to_api(trails, "put_insight_selectors", insight, TrailName=name))
