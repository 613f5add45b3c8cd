"""AWS::KMS::Key."""

from __future__ import annotations

from typing import Any

from infra.local import tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.resource_type import Context, Properties, Refused, ResourceType
from infra.local.shapes import as_json, from_api, to_api

LATER = ["EnableKeyRotation", "Enabled", "PendingWindowInDays", "RotationPeriodInDays", "Tags"]
"""Properties that CreateKey does not take."""
FIXED = {"KeySpec": "SYMMETRIC_DEFAULT", "KeyUsage": "ENCRYPT_DECRYPT", "MultiRegion": False, "Origin": "AWS_KMS"}
"""Properties that no call can change, with what they are when left out."""


class Key(ResourceType, name="AWS::KMS::Key"):
    """A key, whose deletion is only ever scheduled."""

    def create(self, properties: Properties, context: Context) -> str:
        kms = context.client("kms")
        wanted = tags.as_list(tags.wanted(properties, context.tags), "TagKey", "TagValue")
        made = kms.create_key(
            **to_api(kms, "create_key", properties, rename={"KeyPolicy": "Policy"}, omit=LATER, Tags=wanted)
        )
        key = str(made["KeyMetadata"]["KeyId"])
        with undone(lambda: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)):
            _rotate(kms, key, properties)
            if properties.get("Enabled", True) in (False, "false"):
                kms.disable_key(KeyId=key)
        return key

    def read(self, physical_id: str, context: Context) -> Properties | None:
        kms = context.client("kms")
        read = self.attributes(physical_id, context)
        if read is None:
            return None
        policy = kms.get_key_policy(KeyId=physical_id, PolicyName="default")["Policy"]
        rotation = kms.get_key_rotation_status(KeyId=physical_id)
        known = kms.list_resource_tags(KeyId=physical_id)["Tags"]
        read |= {"KeyPolicy": as_json(policy), "EnableKeyRotation": rotation["KeyRotationEnabled"]}
        if "RotationPeriodInDays" in rotation:
            read["RotationPeriodInDays"] = rotation["RotationPeriodInDays"]
        if known:
            read["Tags"] = tags.as_list(tags.as_map(known, "TagKey", "TagValue"))
        return read

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        found = if_there(context.client("kms").describe_key, "NotFoundException", KeyId=physical_id)
        if found is None or found["KeyMetadata"]["KeyState"] == "PendingDeletion":
            return None
        return from_api(self.type_name, context.region, found["KeyMetadata"])

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        kms = context.client("kms")
        for fixed, default in FIXED.items():
            if old.get(fixed, default) != new.get(fixed, default):
                raise Refused("InvalidRequest", f"You cannot change {fixed} of a KMS key after it is created.")
        enabled = new.get("Enabled", True) in (True, "true")
        if enabled:
            kms.enable_key(KeyId=physical_id)
        if old.get("KeyPolicy") != new.get("KeyPolicy") and "KeyPolicy" in new:
            kms.put_key_policy(
                **to_api(
                    kms,
                    "put_key_policy",
                    {k: v for k, v in new.items() if k in ("KeyPolicy", "BypassPolicyLockoutSafetyCheck")},
                    rename={"KeyPolicy": "Policy"},
                    KeyId=physical_id,
                )
            )
        kms.update_key_description(KeyId=physical_id, Description=new.get("Description", ""))
        _rotate(kms, physical_id, new)
        if not enabled:
            kms.disable_key(KeyId=physical_id)
        known = tags.as_map(kms.list_resource_tags(KeyId=physical_id)["Tags"], "TagKey", "TagValue")
        tags.settle(
            known,
            tags.wanted(new, context.tags),
            put=lambda put: kms.tag_resource(KeyId=physical_id, Tags=tags.as_list(put, "TagKey", "TagValue")),
            drop=lambda keys: kms.untag_resource(KeyId=physical_id, TagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        window = int(properties.get("PendingWindowInDays", 30))
        with absent_is_done("NotFoundException", "KMSInvalidStateException"):
            context.client("kms").schedule_key_deletion(KeyId=physical_id, PendingWindowInDays=window)


def _rotate(kms: Any, key: str, properties: Properties) -> None:
    """Turn rotation on, with its period, or off."""
    if properties.get("EnableKeyRotation") in (True, "true"):
        period = properties.get("RotationPeriodInDays")
        kms.enable_key_rotation(KeyId=key, **({"RotationPeriodInDays": int(period)} if period else {}))
    elif kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]:
        kms.disable_key_rotation(KeyId=key)
