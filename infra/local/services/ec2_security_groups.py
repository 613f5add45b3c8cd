"""EC2's security groups, mended: whole rules, and AWS's refusals."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import (
    GroupedSecurityRuleView,
    SecurityGroup,
    SecurityGroupBackend,
    SecurityGroupRule,
)

from infra.local.rules import ec2_security_group
from infra.local.services.ec2 import known_prefix_list, refuse, set_on

if TYPE_CHECKING:
    from collections.abc import Iterator

WITH_PORTS = ("tcp", "udp", "6", "17")
"""The protocols, by name and number, whose rules name ports."""


def extend() -> None:
    """Set what is mended on moto's EC2 classes; doing it twice changes nothing."""
    for function in (
        create_security_group,
        delete_security_group,
        authorize_security_group_ingress,
        authorize_security_group_egress,
        _verify_group_will_respect_rule_count_limit,
        _iterate_security_rules,
        _sg_update_description,
    ):
        setattr(EC2Backend, function.__name__, function)
    set_on(SecurityGroupRule, description=property(_description), prefix_list_description=None, __eq__=_same)
    set_on(SecurityGroup, _flattened_rules=_grouped, security_group_arn=property(lambda group: group.arn))


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
        ec2_security_group.quota(self, group.ingress_rules)
    except EC2ClientError:
        group.ingress_rules = [one for one in group.ingress_rules if not any(one is new for new in added)]
        raise
    return added, group


def authorize_security_group_egress(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Likewise."""
    added, group = SecurityGroupBackend.authorize_security_group_egress(self, *args, **kwargs)
    try:
        ec2_security_group.quota(self, group.egress_rules)
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
    found = list(groups._iterate_security_rules(self, ip_protocol, group_id, *ports, *targets, **kwargs))
    for rule in found:
        rule.prefix_list_description = described.get(rule.prefix_list_id)
        ec2_security_group.rule_description(rule.description)
    for rule in found:
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
