"""AWS::KMS::Alias."""

from __future__ import annotations

from infra.local.absent import absent_is_done
from infra.local.resource_type import Context, Properties, ResourceType


class Alias(ResourceType, name="AWS::KMS::Alias"):
    """A name for a key, which may be pointed at another."""

    def create(self, properties: Properties, context: Context) -> str:
        context.client("kms").create_alias(AliasName=properties["AliasName"], TargetKeyId=properties["TargetKeyId"])
        return str(properties["AliasName"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        aliases = context.client("kms").get_paginator("list_aliases").paginate().search("Aliases")
        found = next((alias for alias in aliases if alias["AliasName"] == physical_id), None)
        return found and {"AliasName": physical_id, "TargetKeyId": found["TargetKeyId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        context.client("kms").update_alias(AliasName=physical_id, TargetKeyId=new["TargetKeyId"])

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done("NotFoundException"):
            context.client("kms").delete_alias(AliasName=physical_id)
