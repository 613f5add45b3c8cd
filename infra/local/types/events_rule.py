"""AWS::Events::Rule."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from infra.local.declared import is_gone
from infra.local.resource_type import Context, Properties, Refused, ResourceType
from infra.local.shapes import as_json, from_api, tag_list, to_api
from infra.local.tags import as_map, change, wanted


class Rule(ResourceType, name="AWS::Events::Rule"):
    """A rule with its targets; Ref is its name, with the bus before it if that is not the default one."""

    def create(self, properties: Properties, context: Context) -> str:
        name = properties.get("Name") or context.generated_name(64)
        bus = properties.get("EventBusName", "default").rpartition("/")[2]
        physical_id = name if bus == "default" else f"{bus}|{name}"
        _put(physical_id, properties, context, Tags=tag_list(properties, context.tags))
        try:
            _put_targets(physical_id, properties.get("Targets", []), context)
        except Exception:
            self.delete(physical_id, properties, context)
            raise
        return physical_id

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        return identifier["Arn"].partition(":rule/")[2].replace("/", "|")

    def read(self, physical_id: str, context: Context) -> Properties | None:
        client, where = context.client("events"), _where(physical_id)
        try:
            rule = client.describe_rule(**where)
        except ClientError as error:
            if is_gone(error):
                return None
            raise
        told = {**rule, "RuleName": rule["Name"], "Targets": _targets(physical_id, context)}
        told["Tags"] = client.list_tags_for_resource(ResourceARN=rule["Arn"])["Tags"]
        if "EventPattern" in rule:
            told["EventPattern"] = as_json(rule["EventPattern"])
        found = from_api(self.type_name, context.region, told)
        return {name: value for name, value in found.items() if value not in ([], None)}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        _put(physical_id, new, context)
        targets = new.get("Targets", [])
        has = {target["Id"] for target in _targets(physical_id, context)}
        _remove_targets(physical_id, has - {target["Id"] for target in targets}, context)
        _put_targets(physical_id, targets, context)
        client = context.client("events")
        arn = client.describe_rule(**_where(physical_id))["Arn"]
        current = as_map(client.list_tags_for_resource(ResourceARN=arn)["Tags"])
        put, dropped = change(current, wanted(new, context.tags))
        if dropped:
            client.untag_resource(ResourceARN=arn, TagKeys=dropped)
        if put:
            client.tag_resource(ResourceARN=arn, Tags=[{"Key": key, "Value": put[key]} for key in sorted(put)])

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        client = context.client("events")
        try:
            _remove_targets(physical_id, {target["Id"] for target in _targets(physical_id, context)}, context)
            client.delete_rule(**_where(physical_id))
        except ClientError as error:
            if not is_gone(error):
                raise


def _where(physical_id: str, rule: str = "Name") -> dict[str, Any]:
    bus, _, name = physical_id.rpartition("|")
    return {rule: name, "EventBusName": bus or "default"}


def _put(physical_id: str, properties: Properties, context: Context, **extra: Any) -> None:
    client = context.client("events")
    omit = ("Name", "EventBusName", "Targets", "Tags")
    arguments = to_api(client, "put_rule", properties, omit=omit, **_where(physical_id), **extra)
    client.put_rule(**arguments)


def _targets(physical_id: str, context: Context) -> list[dict[str, Any]]:
    listed = context.client("events").list_targets_by_rule(**_where(physical_id, "Rule"))
    targets: list[dict[str, Any]] = listed["Targets"]
    return targets


def _put_targets(physical_id: str, targets: list[Any], context: Context) -> None:
    if not targets:
        return
    client = context.client("events")
    arguments = to_api(client, "put_targets", {"Targets": targets}, **_where(physical_id, "Rule"))
    failed = client.put_targets(**arguments)["FailedEntries"]
    if failed:
        raise Refused(failed[0]["ErrorCode"], failed[0]["ErrorMessage"])


def _remove_targets(physical_id: str, ids: set[str], context: Context) -> None:
    if ids:
        context.client("events").remove_targets(**_where(physical_id, "Rule"), Ids=sorted(ids))
