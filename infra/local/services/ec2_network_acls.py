"""EC2's network ACLs, mended: whole entries, and AWS's refusals."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.network_acls import NetworkAclBackend
from moto.ec2.responses import EC2Response

from infra.local.rules import ec2_network_acl_entry
from infra.local.services.ec2 import refuse
from infra.local.services.ec2_security_groups import WITH_PORTS

DENY_ALL = 32767
"""The number DescribeNetworkAcls gives the rule that cannot be removed."""


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
    ):
        setattr(EC2Backend, function.__name__, function)
    for operation in (create_network_acl_entry_called, replace_network_acl_entry_called):
        setattr(EC2Response, operation.__name__.removesuffix("_called"), operation)


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
