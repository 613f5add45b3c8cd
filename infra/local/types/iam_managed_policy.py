"""AWS::IAM::ManagedPolicy."""

from __future__ import annotations

from typing import Any

from infra.local.absent import absent_is_done, if_there, undone
from infra.local.attachments import Attachment, is_anothers, record
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import as_json, from_api, to_api

HOLDERS = ("Group", "Role", "User")
LATER = ["Groups", "ManagedPolicyName", "Roles", "Users"]
VERSIONS_KEPT = 5
"""Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-24."""


class ManagedPolicy(ResourceType, name="AWS::IAM::ManagedPolicy"):
    """A managed policy: an update is a new default version."""

    def create(self, properties: Properties, context: Context) -> str:
        iam = context.client("iam")
        name = properties.get("ManagedPolicyName") or context.generated_name(128)
        made = iam.create_policy(**to_api(iam, "create_policy", properties, omit=LATER, PolicyName=name))
        arn = str(made["Policy"]["Arn"])
        with undone(lambda: self.delete(arn, properties, context)):
            self._attach(arn, {}, properties, context)
        return arn

    def read(self, physical_id: str, context: Context) -> Properties | None:
        iam = context.client("iam")
        found = if_there(iam.get_policy, "NoSuchEntity", PolicyArn=physical_id)
        if found is None:
            return None
        policy = found["Policy"]
        version = iam.get_policy_version(PolicyArn=physical_id, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
        read = from_api(
            self.type_name, context.region, policy, rename={"PolicyName": "ManagedPolicyName", "Arn": "PolicyArn"}
        )
        read = {"Description": "", **read}
        read |= {date: policy[date].isoformat() for date in ("CreateDate", "UpdateDate")}
        read["PolicyDocument"] = as_json(version["Document"])
        pages = iam.get_paginator("list_entities_for_policy").paginate(PolicyArn=physical_id)
        for kind in HOLDERS:
            holders = [entity[f"{kind}Name"] for entity in pages.search(f"Policy{kind}s") if entity]
            own = [h for h in holders if not is_anothers(context, physical_id, Attachment(kind, h, physical_id))]
            if own:
                read[f"{kind}s"] = own
        return read

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        iam = context.client("iam")
        if old["PolicyDocument"] != new["PolicyDocument"]:
            _drop_oldest(iam, physical_id, VERSIONS_KEPT - 1)
            document = {"PolicyDocument": new["PolicyDocument"]}
            iam.create_policy_version(
                **to_api(iam, "create_policy_version", document, PolicyArn=physical_id, SetAsDefault=True)
            )
        self._attach(physical_id, old, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        iam = context.client("iam")
        with absent_is_done("NoSuchEntity"):
            self._attach(physical_id, properties, {}, context)
        with absent_is_done("NoSuchEntity"):
            _drop_oldest(iam, physical_id, 1)
            iam.delete_policy(PolicyArn=physical_id)

    def _attach(self, arn: str, old: Properties, new: Properties, context: Context) -> None:
        iam = context.client("iam")
        wanted = _attachments(arn, new)
        before = _attachments(arn, old)
        for kind, holder, _ in wanted:
            if (kind, holder, arn) not in before:
                getattr(iam, f"attach_{kind.lower()}_policy")(**{f"{kind}Name": holder, "PolicyArn": arn})
        for kind, holder, _ in before:
            if (kind, holder, arn) not in wanted:
                with absent_is_done("NoSuchEntity"):
                    getattr(iam, f"detach_{kind.lower()}_policy")(**{f"{kind}Name": holder, "PolicyArn": arn})
        record(context, arn, wanted)


def _attachments(arn: str, properties: Properties) -> list[Attachment]:
    return [Attachment(kind, holder, arn) for kind in HOLDERS for holder in properties.get(f"{kind}s", [])]


def _drop_oldest(iam: Any, arn: str, keep: int) -> None:
    """Delete the oldest versions that are not the default until `keep` are left, as CloudFormation does."""
    versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
    old = sorted((v for v in versions if not v["IsDefaultVersion"]), key=lambda v: int(v["VersionId"][1:]))
    for version in old[: max(0, len(versions) - keep)]:
        iam.delete_policy_version(PolicyArn=arn, VersionId=version["VersionId"])
