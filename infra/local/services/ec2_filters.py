"""EC2's network ACLs, security groups and prefix lists, mended: whole rules, and AWS's refusals."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.managed_prefixes import ManagedPrefixList, ManagedPrefixListBackend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.models.security_groups import (
    GroupedSecurityRuleView,
    SecurityGroup,
    SecurityGroupBackend,
    SecurityGroupRule,
)
from moto.ec2.responses import EC2Response

from infra.local.rules import ec2_network_acl_entry, ec2_security_group
from infra.local.services.ec2 import known_prefix_list, refuse, set_on

if TYPE_CHECKING:
    from collections.abc import Iterator

DENY_ALL = 32767
"""The number DescribeNetworkAcls gives the rule that cannot be removed."""
WITH_PORTS = ("tcp", "udp", "6", "17")


def extend() -> None:
    """Set what is mended on moto's EC2 classes; doing it twice changes nothing."""
    for function in (
        create_network_acl,
        create_network_acl_entry,
        replace_network_acl_entry,
        delete_network_acl_entry,
        delete_network_acl,
        replace_network_acl_association,
        describe_network_acls,
        create_security_group,
        delete_security_group,
        authorize_security_group_ingress,
        authorize_security_group_egress,
        _verify_group_will_respect_rule_count_limit,
        _iterate_security_rules,
        _sg_update_description,
        describe_managed_prefix_lists,
    ):
        setattr(EC2Backend, function.__name__, function)
    for operation in (create_network_acl_entry_called, replace_network_acl_entry_called):
        setattr(EC2Response, operation.__name__.removesuffix("_called"), operation)
    set_on(SecurityGroupRule, description=property(_description), prefix_list_description=None, __eq__=_same)
    set_on(SecurityGroup, _flattened_rules=_grouped, security_group_arn=property(lambda group: group.arn))
    set_on(ManagedPrefixList, cidrs=property(_cidrs))


# Network ACLs


def create_network_acl(self: Any, vpc_id: str, tags: Any = None, default: bool = False) -> Any:
    """A new network ACL denies everything: it starts with AWS's last rule in both directions."""
    acl = NetworkAclBackend.create_network_acl(self, vpc_id, tags=tags, default=default)
    if not default:
        for egress in (True, False):
            rule: dict[str, Any] = dict.fromkeys(("icmp_code", "icmp_type", "port_range_from", "port_range_to"))
            everything: dict[str, Any] = {
                "protocol": "-1",
                "rule_action": "deny",
                "cidr_block": "0.0.0.0/0",
                "ipv6_cidr_block": None,
            }
            NetworkAclBackend.create_network_acl_entry(self, acl.id, DENY_ALL, egress=egress, **everything, **rule)
    return acl


def create_network_acl_entry(self: Any, network_acl_id: str, rule_number: int, **kwargs: Any) -> Any:
    """Refuse numbers AWS keeps, TCP or UDP without ports, and more than 20 rules a direction."""
    acl = self.get_network_acl(network_acl_id)
    _check_entry(acl, rule_number, kwargs)
    ec2_network_acl_entry.quota(self, acl, kwargs["egress"])
    return NetworkAclBackend.create_network_acl_entry(self, network_acl_id, rule_number, **kwargs)


def replace_network_acl_entry(self: Any, network_acl_id: str, rule_number: int, **kwargs: Any) -> Any:
    """Check before the old entry goes."""
    _check_entry(self.get_network_acl(network_acl_id), rule_number, kwargs)
    return NetworkAclBackend.replace_network_acl_entry(self, network_acl_id, rule_number, **kwargs)


def create_network_acl_entry_called(self: EC2Response) -> ActionResult:
    """CreateNetworkAclEntry, whose ICMP type and code moto looks for under another name."""
    self.ec2_backend.create_network_acl_entry(**_entry(self._get_params()))
    return EmptyResult()


def replace_network_acl_entry_called(self: EC2Response) -> ActionResult:
    """ReplaceNetworkAclEntry, likewise."""
    self.ec2_backend.replace_network_acl_entry(**_entry(self._get_params()))
    return EmptyResult()


def _entry(asked: dict[str, Any]) -> dict[str, Any]:
    icmp, ports = asked.get("IcmpTypeCode", {}), asked.get("PortRange", {})
    return {
        "network_acl_id": asked["NetworkAclId"],
        "rule_number": asked["RuleNumber"],
        "protocol": asked["Protocol"],
        "rule_action": asked["RuleAction"],
        "egress": asked["Egress"],
        "cidr_block": asked.get("CidrBlock"),
        "ipv6_cidr_block": asked.get("Ipv6CidrBlock"),
        "icmp_code": icmp.get("Code"),
        "icmp_type": icmp.get("Type"),
        "port_range_from": ports.get("From"),
        "port_range_to": ports.get("To"),
    }


def _check_entry(acl: Any, rule_number: int, entry: dict[str, Any]) -> None:
    at_start = acl.default and rule_number == DENY_ALL
    if not 1 <= int(rule_number) < DENY_ALL and not at_start:
        message = f"Value ({rule_number}) for parameter ruleNumber is invalid. Must be between 1 and 32766."
        raise refuse("InvalidParameterValue", message)
    if str(entry["protocol"]) in WITH_PORTS and entry.get("port_range_from") is None:
        raise refuse("MissingParameter", "The request must contain the parameter portRange")
    if not entry.get("cidr_block") and not entry.get("ipv6_cidr_block"):
        raise refuse("MissingParameter", "The request must contain the parameter cidrBlock or ipv6CidrBlock")


def delete_network_acl_entry(self: Any, network_acl_id: str, rule_number: int, egress: bool) -> Any:
    """Say which entry is not there."""
    entries = self.get_network_acl(network_acl_id).network_acl_entries
    if not any(entry.egress == egress and entry.rule_number == rule_number for entry in entries):
        direction = "egress" if egress else "ingress"
        message = f"The specified network ACL entry {rule_number} ({direction}) does not exist in {network_acl_id}"
        raise refuse("InvalidNetworkAclEntry.NotFound", message)
    return NetworkAclBackend.delete_network_acl_entry(self, network_acl_id, rule_number, egress)


def delete_network_acl(self: Any, network_acl_id: str) -> Any:
    """Refuse the default network ACL."""
    if self.get_network_acl(network_acl_id).default:
        raise refuse("InvalidParameterValue", f"cannot delete default network ACL {network_acl_id}")
    return NetworkAclBackend.delete_network_acl(self, network_acl_id)


def replace_network_acl_association(self: Any, association_id: str, network_acl_id: str) -> Any:
    """Look before changing: both ends must be there, in one VPC."""
    acl = self.get_network_acl(network_acl_id)
    holder = next((one for one in list(self.network_acls.values()) if association_id in one._associations), None)
    if holder is None:
        raise refuse("InvalidAssociationID.NotFound", f"The association ID '{association_id}' does not exist")
    if holder.vpc_id != acl.vpc_id:
        message = f"network ACL {network_acl_id} and association {association_id} belong to different networks"
        raise refuse("InvalidParameterValue", message)
    return NetworkAclBackend.replace_network_acl_association(self, association_id, network_acl_id)


def describe_network_acls(self: Any, network_acl_ids: list[str] | None = None, filters: Any = None) -> Any:
    """A NACL that is not there is a NACL's error, not a route table's."""
    for network_acl_id in network_acl_ids or ():
        self.get_network_acl(network_acl_id)
    return NetworkAclBackend.describe_network_acls(self, network_acl_ids, filters)


# Security groups


def create_security_group(self: Any, name: str, description: str, vpc_id: str | None = None, **kwargs: Any) -> Any:
    """Refuse an unknown VPC and a name that looks like an id; the ARN is of the region's partition."""
    if vpc_id:
        self.get_vpc(vpc_id)
    if (name or "").startswith("sg-"):
        raise refuse("InvalidParameterValue", f"Invalid value '{name}' for groupName: it may not start with sg-.")
    group = SecurityGroupBackend.create_security_group(self, name, description, vpc_id=vpc_id, **kwargs)
    group.arn = f"arn:{self.partition}:ec2:{self.region_name}:{self.account_id}:security-group/{group.id}"
    return group


def delete_security_group(self: Any, name: str | None = None, group_id: str | None = None) -> None:
    """Refuse a default group, and one that an interface, an endpoint or another group's rule refers to."""
    group = self.get_security_group_by_name_or_id(group_id or name)
    if group is not None:
        if group.is_default:
            message = f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
            raise refuse("CannotDelete", message)
        everyone = itertools.chain.from_iterable(groups.values() for groups in list(self.groups.values()))
        used = [
            *(eni for eni in list(self.enis.values()) if any(one.id == group.id for one in eni.group_set)),
            *(end for end in list(self.vpc_end_points.values()) if group.id in end.security_group_ids),
            *(
                rule
                for other in everyone
                if other is not group
                for rule in (*other.ingress_rules, *other.egress_rules)
                if rule.source_group.get("GroupId") == group.id
            ),
        ]
        if used:
            raise refuse("DependencyViolation", f"resource {group.id} has a dependent object")
    SecurityGroupBackend.delete_security_group(self, name=name, group_id=group_id)


def authorize_security_group_ingress(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Count the group's rules as AWS does."""
    added, group = SecurityGroupBackend.authorize_security_group_ingress(self, *args, **kwargs)
    try:
        ec2_security_group.quota(self, group, group.ingress_rules)
    except EC2ClientError:
        group.ingress_rules = [one for one in group.ingress_rules if not any(one is new for new in added)]
        raise
    return added, group


def authorize_security_group_egress(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Likewise."""
    added, group = SecurityGroupBackend.authorize_security_group_egress(self, *args, **kwargs)
    try:
        ec2_security_group.quota(self, group, group.egress_rules)
    except EC2ClientError:
        group.egress_rules = [one for one in group.egress_rules if not any(one is new for new in added)]
        raise
    return added, group


def _verify_group_will_respect_rule_count_limit(self: Any, *_: Any, **__: Any) -> None:
    """Not here: moto counts neither families nor prefix lists."""


def _iterate_security_rules(
    self: Any, ip_protocol: str, group_id: str, from_port: Any, to_port: Any, *targets: Any, **kwargs: Any
) -> Iterator[Any]:
    """Check protocol, ports and prefix lists, and keep the description of a rule that names a prefix list."""
    _, _, prefix_lists = targets
    if not ip_protocol:
        raise refuse("InvalidParameterValue", "VPC security group rules must specify protocols explicitly.")
    if str(ip_protocol).lower() in WITH_PORTS and None in (from_port, to_port):
        message = "Invalid value for portRange. Must specify both from and to ports with TCP/UDP."
        raise refuse("InvalidParameterValue", message)
    for listed in prefix_lists:
        known_prefix_list(self, listed["PrefixListId"])
    ports = [-1 if port is None else port for port in (from_port, to_port)]
    described = {listed["PrefixListId"]: listed.get("Description") for listed in prefix_lists}
    groups: Any = SecurityGroupBackend
    for rule in groups._iterate_security_rules(self, ip_protocol, group_id, *ports, *targets, **kwargs):
        rule.prefix_list_description = described.get(rule.prefix_list_id)
        yield rule


def _description(self: Any) -> str | None:
    for target in (self.ip_range, self.source_group):
        if "Description" in target:
            return str(target["Description"])
    found: str | None = self.prefix_list_description
    return found


def _same(self: Any, other: Any) -> bool:
    """Rules with the same protocol, ports and target are one rule, whatever is said of them."""
    return _target(self) == _target(other)


def _target(rule: Any) -> tuple[Any, ...]:
    ports = () if rule.ip_protocol == "-1" else (rule.from_port, rule.to_port)
    at = (rule.ip_range.get("CidrIp"), rule.ip_range.get("CidrIpv6"), rule.source_group.get("GroupId"))
    return (rule.ip_protocol, *ports, *at, rule.prefix_list_id)


def _sg_update_description(self: Any, said: Any, rule: Any) -> None:
    """Take over what is said of the rule, whichever kind of target it has; nothing said takes it away."""
    target: dict[str, Any] = rule.ip_range or rule.source_group
    target.pop("Description", None)
    if rule.prefix_list_id:
        rule.prefix_list_description = said.description or None
    elif said.description:
        target["Description"] = said.description


def _grouped(self: Any, rules: list[Any]) -> list[Any]:
    """Rules by protocol and ports, each target with its description."""
    views: dict[tuple[Any, ...], Any] = {}
    for rule in rules:
        key = (rule.from_port, rule.to_port, rule.ip_protocol)
        view = views.setdefault(key, GroupedSecurityRuleView(*key))
        if rule.ip_range:
            view.all_ip_ranges.append(rule.ip_range)
        if rule.source_group:
            view.source_groups.append(rule.source_group)
        if rule.prefix_list_id:
            said = {"Description": rule.description} if rule.description else {}
            view.prefix_list_ids.append({"PrefixListId": rule.prefix_list_id, **said})
    return list(views.values())


# Prefix lists


def describe_managed_prefix_lists(self: Any, prefix_list_ids: list[str] | None = None, filters: Any = None) -> Any:
    """Refuse a prefix list that is not there."""
    for prefix_list_id in prefix_list_ids or ():
        known_prefix_list(self, prefix_list_id)
    return ManagedPrefixListBackend.describe_managed_prefix_lists(self, prefix_list_ids, filters)


def _cidrs(self: Any) -> list[str]:
    entries = list(self.entries.values())
    return [entry["Cidr"] for entry in entries[-1]] if entries else []
