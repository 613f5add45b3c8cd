"""AWS::Scheduler::Schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.local.declared import Call, Declared
from infra.local.shapes import from_api

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties


class Schedule(Declared, name="AWS::Scheduler::Schedule"):
    """A schedule with its target; Ref is its name, which CloudFormation takes to be unique among all groups."""

    service = "scheduler"
    creates = Call("create_schedule")
    identity = "{Name}"
    generates = ("Name", 64)
    reads = ()
    updates = Call("update_schedule", {"Name": "{id}"})
    create_only = ("Name",)
    deletes = Call("delete_schedule", {"Name": "{id}", "GroupName": "{GroupName}"})

    def read(self, physical_id: str, context: Context) -> Properties | None:
        client = context.client(self.service)
        listed = client.list_schedules(NamePrefix=physical_id)["Schedules"]
        group = next((entry["GroupName"] for entry in listed if entry["Name"] == physical_id), None)
        if group is None:
            return None
        return from_api(self.type_name, context.region, client.get_schedule(Name=physical_id, GroupName=group))

    attributes = read  # from the same answer

    def replaces(self, old: Properties, new: Properties) -> bool:
        # The API has no way to move a schedule to another group.
        return bool(old.get("GroupName", "default") != new.get("GroupName", "default"))
