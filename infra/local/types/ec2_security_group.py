"""AWS::EC2::SecurityGroup."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.attachments import Attachment, is_anothers
from infra.local.declared import EC2_TAGS, Call, Declared, Tagging
from infra.local.security_group_rules import as_property, permission, told

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

RULES = {"ingress": "SecurityGroupIngress", "egress": "SecurityGroupEgress"}
# What EC2 gives a new group, and CloudFormation leaves where the template has no SecurityGroupEgress.
ANYWHERE = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]


class SecurityGroup(Declared, name="AWS::EC2::SecurityGroup"):
    """A security group with the rules written in it; rules that are resources of their own are not read as its."""

    service = "ec2"
    creates = Call("create_security_group")
    identity = "GroupId"
    reads = (Call("describe_security_groups", {"GroupIds": ["{id}"]}, "SecurityGroups[0]"),)
    deletes = Call("delete_security_group", {"GroupId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="security-group")
    renames: ClassVar = {"GroupDescription": "Description"}
    omits = tuple(RULES.values())  # authorised one by one, below
    generates = ("GroupName", 255)

    def create(self, properties: Properties, context: Context) -> str:
        physical_id = super().create(properties, context)
        try:
            self._authorize(physical_id, properties, context)
        except Exception:
            self.delete(physical_id, properties, context)
            raise
        return physical_id

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        super().update(physical_id, old, new, context)
        self._authorize(physical_id, new, context)

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        group = answer["GroupId"]
        own = [rule for rule in told(context, "group-id", group) if _is_own(rule, context)]
        written = {
            name: [as_property(rule, context) for rule in own if rule["IsEgress"] == (direction == "egress")]
            for direction, name in RULES.items()
        }
        return {**answer, **written, "Id": group}

    def _authorize(self, group: str, properties: Properties, context: Context) -> None:
        """Make the group's own rules those of the template: add what is new, then revoke what is not in it."""
        ec2 = context.client("ec2")
        has = [rule for rule in told(context, "group-id", group) if _is_own(rule, context)]
        for direction, name in RULES.items():
            wanted = [permission(rule) for rule in properties.get(name, ANYWHERE if direction == "egress" else [])]
            current = {
                rule["SecurityGroupRuleId"]: permission(as_property(rule, context))
                for rule in has
                if rule["IsEgress"] == (direction == "egress")
            }
            dropped = [key for key, made in current.items() if made not in wanted]
            if dropped:
                getattr(ec2, f"revoke_security_group_{direction}")(GroupId=group, SecurityGroupRuleIds=dropped)
            for rule in wanted:
                if rule not in current.values():
                    getattr(ec2, f"authorize_security_group_{direction}")(GroupId=group, IpPermissions=[rule])


def _is_own(rule: dict[str, Any], context: Context) -> bool:
    attachment = Attachment("SecurityGroup", rule["GroupId"], rule["SecurityGroupRuleId"])
    return not is_anothers(context, rule["GroupId"], attachment)
