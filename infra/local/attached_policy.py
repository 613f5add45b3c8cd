"""A policy that one resource of a template puts on several topics or queues."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from infra.local.absent import absent_is_done, if_there, undone
from infra.local.attachments import Attachment, held, record
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import as_json


class AttachedPolicy(ResourceType, name=""):
    """A type with a PolicyDocument and a list of holders, whose identifier is CloudFormation's own."""

    holders: ClassVar[str]
    """The property that lists the holders."""
    gone: ClassVar[tuple[str, ...]]
    """Error codes that say that a holder is not there."""

    def get(self, holder: str, context: Context) -> str | None:
        """The policy that stands on a holder."""
        raise NotImplementedError

    def put(self, holder: str, policy: str, context: Context) -> None:
        """Put a policy on a holder; an empty text takes it back to what it was made with."""
        raise NotImplementedError

    def create(self, properties: Properties, context: Context) -> str:
        physical_id = context.generated_name(128)
        with undone(lambda: self.delete(physical_id, properties, context)):
            self._place(physical_id, properties, context)
        return physical_id

    def read(self, physical_id: str, context: Context) -> Properties | None:
        read: Properties = {}
        for attachment in held(context, physical_id):
            found = if_there(self.get, *self.gone, holder=attachment.holder, context=context)
            if found is None or (read and read["PolicyDocument"] != as_json(found)):
                continue
            read |= {"Id": physical_id, "PolicyDocument": as_json(found)}
            read.setdefault(self.holders, []).append(attachment.holder)
        return read or None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        before = held(context, physical_id)
        self._place(physical_id, new, context)
        for attachment in set(before) - set(held(context, physical_id)):
            self._take(attachment.holder, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        for attachment in held(context, physical_id):
            self._take(attachment.holder, context)
        record(context, physical_id, [])

    def _place(self, physical_id: str, properties: Properties, context: Context) -> None:
        document: Any = properties["PolicyDocument"]
        text = document if isinstance(document, str) else json.dumps(document, separators=(",", ":"))
        placed: list[Attachment] = []
        for holder in properties[self.holders]:
            self.put(holder, text, context)
            placed.append(Attachment(self.type_name, holder, "Policy"))
            record(context, physical_id, placed)

    def _take(self, holder: str, context: Context) -> None:
        with absent_is_done(*self.gone):
            self.put(holder, "", context)
