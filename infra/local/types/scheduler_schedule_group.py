"""AWS::Scheduler::ScheduleGroup."""

from __future__ import annotations

from infra.local.declared import Call, Declared, Tagging


class ScheduleGroup(Declared, name="AWS::Scheduler::ScheduleGroup"):
    """A group of schedules, which go with it; Ref is its name."""

    service = "scheduler"
    creates = Call("create_schedule_group")
    identity = "{Name}"
    generates = ("Name", 64)
    reads = (Call("get_schedule_group", {"Name": "{id}"}),)
    deletes = Call("delete_schedule_group", {"Name": "{id}"})
    tagging = Tagging(lists=Call("list_tags_for_resource", {"ResourceArn": "{Arn}"}, "Tags"))
