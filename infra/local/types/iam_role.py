"""AWS::IAM::Role."""

from __future__ import annotations

from typing import Any

from infra.local import tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.attachments import Attachment, is_anothers
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import as_json, from_api, to_api

LATER = ["ManagedPolicyArns", "Policies", "RoleName", "Tags"]
"""Properties that CreateRole does not take, or not so."""


class Role(ResourceType, name="AWS::IAM::Role"):
    """A role with the policies that its own template entry gives it."""

    def create(self, properties: Properties, context: Context) -> str:
        iam = context.client("iam")
        name = properties.get("RoleName") or context.generated_name(64)
        wanted = tags.as_list(tags.wanted(properties, context.tags))
        iam.create_role(**to_api(iam, "create_role", properties, omit=LATER, RoleName=name, Tags=wanted))
        with undone(lambda: self.delete(name, properties, context)):
            self._attach(iam, name, {}, properties)
        return str(name)

    def read(self, physical_id: str, context: Context) -> Properties | None:
        iam = context.client("iam")
        found = if_there(iam.get_role, "NoSuchEntity", RoleName=physical_id)
        if found is None:
            return None
        role = found["Role"]
        read = self._told(role, context)
        attached = iam.get_paginator("list_attached_role_policies").paginate(RoleName=physical_id)
        managed = [policy["PolicyArn"] for policy in attached.search("AttachedPolicies") if policy]
        inline = iam.get_paginator("list_role_policies").paginate(RoleName=physical_id).search("PolicyNames")
        own = {
            "ManagedPolicyArns": [arn for arn in managed if self._is_own(context, physical_id, arn)],
            "Policies": [
                {
                    "PolicyName": name,
                    "PolicyDocument": as_json(
                        iam.get_role_policy(RoleName=physical_id, PolicyName=name)["PolicyDocument"]
                    ),
                }
                for name in inline
                if name and self._is_own(context, physical_id, name)
            ],
            "Tags": tags.as_list(tags.as_map(role.get("Tags", []))),
        }
        return {**read, **{key: value for key, value in own.items() if value}}

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        found = if_there(context.client("iam").get_role, "NoSuchEntity", RoleName=physical_id)
        return self._told(found["Role"], context) if found else None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        iam = context.client("iam")
        iam.update_assume_role_policy(
            **to_api(
                iam,
                "update_assume_role_policy",
                {"PolicyDocument": new["AssumeRolePolicyDocument"]},
                RoleName=physical_id,
            )
        )
        session = int(new.get("MaxSessionDuration", 3600))
        iam.update_role(RoleName=physical_id, Description=new.get("Description", ""), MaxSessionDuration=session)
        if boundary := new.get("PermissionsBoundary"):
            iam.put_role_permissions_boundary(RoleName=physical_id, PermissionsBoundary=boundary)
        elif old.get("PermissionsBoundary"):
            iam.delete_role_permissions_boundary(RoleName=physical_id)
        self._attach(iam, physical_id, old, new)
        known = tags.as_map(iam.list_role_tags(RoleName=physical_id)["Tags"])
        tags.settle(
            known,
            tags.wanted(new, context.tags),
            put=lambda put: iam.tag_role(RoleName=physical_id, Tags=tags.as_list(put)),
            drop=lambda keys: iam.untag_role(RoleName=physical_id, TagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        iam = context.client("iam")
        with absent_is_done("NoSuchEntity"):
            self._attach(iam, physical_id, properties, {})
        with absent_is_done("NoSuchEntity"):
            iam.delete_role(RoleName=physical_id)

    def _told(self, role: dict[str, Any], context: Context) -> Properties:
        """A role as GetRole tells it."""
        told = {"Description": "", **from_api(self.type_name, context.region, role)}
        told["AssumeRolePolicyDocument"] = as_json(role["AssumeRolePolicyDocument"])
        told.pop("PermissionsBoundary", None)
        if "PermissionsBoundary" in role:
            told["PermissionsBoundary"] = role["PermissionsBoundary"]["PermissionsBoundaryArn"]
        return told

    @staticmethod
    def _is_own(context: Context, role: str, what: str) -> bool:
        return not is_anothers(context, role, Attachment("Role", role, what))

    @staticmethod
    def _attach(iam: Any, role: str, old: Properties, new: Properties) -> None:
        """Attach and embed what is new, then detach and remove what is no longer declared."""
        managed = new.get("ManagedPolicyArns", [])
        inline = {policy["PolicyName"]: policy["PolicyDocument"] for policy in new.get("Policies", [])}
        for arn in managed:
            if arn not in old.get("ManagedPolicyArns", []):
                iam.attach_role_policy(RoleName=role, PolicyArn=arn)
        for name, document in inline.items():
            embedded = {"PolicyName": name, "PolicyDocument": document}
            iam.put_role_policy(**to_api(iam, "put_role_policy", embedded, RoleName=role))
        for arn in old.get("ManagedPolicyArns", []):
            if arn not in managed:
                with absent_is_done("NoSuchEntity"):
                    iam.detach_role_policy(RoleName=role, PolicyArn=arn)
        for policy in old.get("Policies", []):
            if policy["PolicyName"] not in inline:
                with absent_is_done("NoSuchEntity"):
                    iam.delete_role_policy(RoleName=role, PolicyName=policy["PolicyName"])
