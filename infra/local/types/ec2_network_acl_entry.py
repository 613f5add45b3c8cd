"""AWS::EC2::NetworkAclEntry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared

if TYPE_CHECKING:
    from infra.local.resource_type import Context

WHICH = {"NetworkAclId": "{NetworkAclId}", "RuleNumber": "{RuleNumber}", "Egress": "{Egress}"}


class NetworkAclEntry(Declared, name="AWS::EC2::NetworkAclEntry"):
    """One numbered rule of a network ACL in one direction."""

    service = "ec2"
    creates = Call("create_network_acl_entry")
    identity = "{NetworkAclId}|{RuleNumber}|{Egress}"
    parts = ("NetworkAclId", "RuleNumber", "Egress")
    reads = (
        Call(
            "describe_network_acls",
            {"NetworkAclIds": ["{NetworkAclId}"]},
            "NetworkAcls[0].Entries[?RuleNumber==`{RuleNumber}` && Egress==`{Egress}`] | [0]",
        ),
    )
    updates = Call("replace_network_acl_entry")
    deletes = Call("delete_network_acl_entry", WHICH)
    renames: ClassVar = {"Icmp": "IcmpTypeCode"}
    defaults: ClassVar = {"Egress": False}

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        identity = f"{answer['NetworkAclId']}|{answer['RuleNumber']}|{str(answer['Egress']).lower()}"
        return {**answer, "Id": identity, "Protocol": int(answer["Protocol"])}
