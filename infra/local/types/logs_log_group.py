"""AWS::Logs::LogGroup."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared, Setting, Tagging
from infra.local.shapes import as_json

if TYPE_CHECKING:
    from infra.local.resource_type import Context

ARN = "arn:{partition}:logs:{region}:{account}:log-group:{id}"
DOCUMENTS = ("DataProtectionPolicy", "ResourcePolicyDocument")
NAMED = {"logGroupName": "{id}"}
IDENTIFIED = {"logGroupIdentifier": "{id}"}


class LogGroup(Declared, name="AWS::Logs::LogGroup"):
    """A log group with its key, retention, class, protection and policies."""

    service = "logs"
    creates = Call("create_log_group")
    identity = "{LogGroupName}"
    generates = ("LogGroupName", 512)
    attributed = (Call("describe_log_groups", {"logGroupIdentifiers": ["{id}"]}, "logGroups[0]"),)
    reads = (
        *attributed,
        Call("get_data_protection_policy", IDENTIFIED, "{DataProtectionPolicy: policyDocument}"),
        Call(
            "describe_index_policies",
            {"logGroupIdentifiers": ["{id}"]},
            "{FieldIndexPolicies: indexPolicies[].policyDocument}",
        ),
        Call(
            "describe_resource_policies",
            {"resourceArn": ARN},
            "{ResourcePolicyDocument: resourcePolicies[0].policyDocument}",
        ),
    )
    settings = (
        Setting(
            ("RetentionInDays",),
            Call("put_retention_policy", {**NAMED, "retentionInDays": "{RetentionInDays}"}),
            Call("delete_retention_policy", NAMED),
        ),
        Setting(
            ("BearerTokenAuthenticationEnabled",),
            Call(
                "put_bearer_token_authentication",
                {**IDENTIFIED, "bearerTokenAuthenticationEnabled": "{BearerTokenAuthenticationEnabled}"},
            ),
        ),
        Setting(
            ("DataProtectionPolicy",),
            Call("put_data_protection_policy", {**IDENTIFIED, "policyDocument": "{DataProtectionPolicy}"}),
            Call("delete_data_protection_policy", IDENTIFIED),
        ),
        Setting(
            ("FieldIndexPolicies",),
            Call("put_index_policy", {**IDENTIFIED, "policyDocument": "{FieldIndexPolicies.0}"}),
            Call("delete_index_policy", IDENTIFIED),
        ),
        Setting(
            ("ResourcePolicyDocument",),
            Call("put_resource_policy", {"resourceArn": ARN, "policyDocument": "{ResourcePolicyDocument}"}),
            Call("delete_resource_policy", {"resourceArn": ARN}),
        ),
        Setting(
            ("KmsKeyId",),
            Call("associate_kms_key", {**NAMED, "kmsKeyId": "{KmsKeyId}"}),
            Call("disassociate_kms_key", NAMED),
            at_creation=False,
        ),
        Setting(
            ("DeletionProtectionEnabled",),
            Call(
                "put_log_group_deletion_protection",
                {**IDENTIFIED, "deletionProtectionEnabled": "{DeletionProtectionEnabled}"},
            ),
            at_creation=False,
        ),
    )
    defaults: ClassVar = {
        "DeletionProtectionEnabled": False,
        "BearerTokenAuthenticationEnabled": False,
        "LogGroupClass": "STANDARD",
    }
    deletes = Call("delete_log_group", NAMED)
    tagging = Tagging(target={"resourceArn": ARN}, lists=Call("list_tags_for_resource", {"resourceArn": ARN}, "tags"))

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        said: dict[str, Any] = {name: as_json(answer[name]) for name in DOCUMENTS if name in answer}
        policies = [json.loads(one) for one in answer.get("FieldIndexPolicies", [])]
        return {**answer, **said, "FieldIndexPolicies": policies or None}
