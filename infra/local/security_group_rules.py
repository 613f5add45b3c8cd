"""Security group rules as CloudFormation writes them and as EC2 takes and tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from infra.local.attachments import Attachment, record
from infra.local.declared import is_gone
from infra.local.resource_type import ResourceType, Unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.resource_type import Context, Properties

# Property, for ingress and egress alike, to the list of an IpPermission it goes into and its member there.
TARGETS = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "SourceSecurityGroupName": ("UserIdGroupPairs", "GroupName"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
PLAIN = ("IpProtocol", "FromPort", "ToPort")


def permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The IpPermission that a rule of a template asks for; Unsupported for a property with no place in it."""
    made: dict[str, Any] = {}
    for name, value in rule.items():
        if name in PLAIN:
            made[name] = str(value) if name == "IpProtocol" else int(value)
        elif name in TARGETS:
            kind, member = TARGETS[name]
            owner = rule.get("SourceSecurityGroupOwnerId")
            said = {"Description": rule.get("Description"), "UserId": owner if kind == "UserIdGroupPairs" else None}
            made[kind] = [{member: value, **{key: text for key, text in said.items() if text is not None}}]
        elif name not in ("Description", "SourceSecurityGroupOwnerId"):
            raise Unsupported(f"property {name} of a security group rule")
    return made


def as_property(told: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """A rule of DescribeSecurityGroupRules as a template would write it."""
    end = "Destination" if told["IsEgress"] else "Source"
    other = told.get("ReferencedGroupInfo", {})
    elsewhere = other.get("UserId") if other.get("UserId") != context.account else None
    everything = told["IpProtocol"] == "-1"
    written = {
        "IpProtocol": told["IpProtocol"],
        "FromPort": None if everything else told.get("FromPort"),
        "ToPort": None if everything else told.get("ToPort"),
        "CidrIp": told.get("CidrIpv4"),
        "CidrIpv6": told.get("CidrIpv6"),
        f"{end}PrefixListId": told.get("PrefixListId"),
        f"{end}SecurityGroupId": other.get("GroupId"),
        "SourceSecurityGroupOwnerId": elsewhere,
        "Description": told.get("Description"),
    }
    return {name: value for name, value in written.items() if value is not None}


def told(context: Context, criterion: str, value: str) -> list[dict[str, Any]]:
    """The rules EC2 tells for a group or an id."""
    ec2 = context.client("ec2")
    filters = [{"Name": criterion, "Values": [value]}]
    found: list[dict[str, Any]] = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    return found


class RuleOfItsOwn(ResourceType, name=""):
    """A rule that is a resource: `direction` is ingress or egress."""

    direction = ""

    def create(self, properties: Properties, context: Context) -> str:
        rule = {name: value for name, value in properties.items() if name not in ("GroupId", "GroupName")}
        group = {name: properties[name] for name in ("GroupId", "GroupName") if name in properties}
        authorize = getattr(context.client("ec2"), f"authorize_security_group_{self.direction}")
        (made,) = authorize(**group, IpPermissions=[permission(rule)])["SecurityGroupRules"]
        physical_id = str(made["SecurityGroupRuleId"])
        record(context, physical_id, [Attachment("SecurityGroup", made["GroupId"], physical_id)])
        return physical_id

    def read(self, physical_id: str, context: Context) -> Properties | None:
        for found in told(context, "security-group-rule-id", physical_id):
            written = as_property(found, context)
            return {**written, "Id": physical_id, "GroupId": found["GroupId"]}
        return None

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        # Description is all that is not create-only.
        rule = {name: value for name, value in new.items() if name not in ("GroupId", "GroupName")}
        describe = getattr(context.client("ec2"), f"update_security_group_rule_descriptions_{self.direction}")
        describe(GroupId=new["GroupId"], IpPermissions=[permission({"Description": "", **rule})])

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        for found in told(context, "security-group-rule-id", physical_id):
            revoke = getattr(context.client("ec2"), f"revoke_security_group_{self.direction}")
            try:
                revoke(GroupId=found["GroupId"], SecurityGroupRuleIds=[physical_id])
            except ClientError as error:
                if not is_gone(error):
                    raise
        record(context, physical_id, [])
