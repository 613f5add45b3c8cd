"""AWS::IAM::Policy: one inline policy, embedded in each of its holders."""

from __future__ import annotations

from typing import Any

from infra.local.absent import absent_is_done, if_there, undone
from infra.local.attachments import Attachment, held, record
from infra.local.resource_type import Context, Properties, Refused, ResourceType
from infra.local.shapes import as_json, to_api

HOLDERS = ("Group", "Role", "User")


class Policy(ResourceType, name="AWS::IAM::Policy"):
    """An inline policy has no identity in IAM: its physical id is CloudFormation's own."""

    def create(self, properties: Properties, context: Context) -> str:
        physical_id = context.generated_name(128)
        with undone(lambda: self.delete(physical_id, properties, context)):
            self._embed(physical_id, properties, context)
        return physical_id

    def read(self, physical_id: str, context: Context) -> Properties | None:
        iam = context.client("iam")
        read: Properties = {}
        for kind, holder, name in held(context, physical_id):
            get = getattr(iam, f"get_{kind.lower()}_policy")
            found = if_there(get, "NoSuchEntity", **{f"{kind}Name": holder, "PolicyName": name})
            if found is not None:
                read |= {"Id": physical_id, "PolicyName": name, "PolicyDocument": as_json(found["PolicyDocument"])}
                read.setdefault(f"{kind}s", []).append(holder)
        return read or None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        before = held(context, physical_id)
        self._embed(physical_id, new, context)
        for attachment in set(before) - set(held(context, physical_id)):
            _remove(context.client("iam"), attachment)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        for attachment in held(context, physical_id):
            _remove(context.client("iam"), attachment)
        record(context, physical_id, [])

    def _embed(self, physical_id: str, properties: Properties, context: Context) -> None:
        iam = context.client("iam")
        name = properties["PolicyName"]
        wanted = [Attachment(kind, holder, name) for kind in HOLDERS for holder in properties.get(f"{kind}s", [])]
        if not wanted:
            raise Refused("InvalidRequest", "At least one of [Groups,Roles,Users] must be non-empty.")
        document = {"PolicyDocument": properties["PolicyDocument"]}
        for number, (kind, holder, _) in enumerate(wanted):
            put = f"put_{kind.lower()}_policy"
            getattr(iam, put)(**{f"{kind}Name": holder}, **to_api(iam, put, document, PolicyName=name))
            record(context, physical_id, wanted[: number + 1])


def _remove(iam: Any, attachment: Attachment) -> None:
    kind, holder, name = attachment
    with absent_is_done("NoSuchEntity"):
        getattr(iam, f"delete_{kind.lower()}_policy")(**{f"{kind}Name": holder, "PolicyName": name})
