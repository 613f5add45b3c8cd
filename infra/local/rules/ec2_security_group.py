"""AWS::EC2::SecurityGroup, and the rules that are resources of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from moto.ec2.exceptions import EC2ClientError

from infra.local.quotas import allowed
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Iterable

DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")


@rule(
    "AWS::EC2::SecurityGroup",
    error="RulesPerSecurityGroupLimitExceeded",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html "
    "(IPv4 and IPv6 apart; a prefix list counts as its maximum of entries) and "
    "working-with-aws-managed-prefix-lists.html (weights of AWS's own); aws-samples/aws-eda-slurm-cluster#204 (the "
    "text); read 2026-11-24",
    raises=EC2ClientError,
)
def quota(backend: Any, rules: Iterable[Any]) -> str | None:
    """A security group has at most 60 rules in a direction and address family, a prefix list in full."""
    limit = allowed(backend.account_id, backend.region_name, "vpc", "Inbound or outbound rules per security group")
    counted = {"ipv4": 0, "ipv6": 0}
    for one in rules:
        if one.prefix_list_id:
            listed = backend.managed_prefix_lists[one.prefix_list_id]
            # AWS's own lists have weights of their own: 1 for S3 and DynamoDB.
            weight = 1 if listed.owner_id == "AWS" else int(listed.max_entries or 1)
            counted["ipv6" if listed.address_family == "IPv6" else "ipv4"] += weight
        elif one.source_group:  # a group counts for both
            counted = {family: count + 1 for family, count in counted.items()}
        else:
            counted["ipv6" if "CidrIpv6" in one.ip_range else "ipv4"] += 1
    if max(counted.values()) <= limit:
        return None
    return "The maximum number of rules per security group has been reached."


@rule(
    "AWS::EC2::SecurityGroup",
    error="InvalidParameterValue",
    source="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html; public reports of "
    "AuthorizeSecurityGroupIngress and of CloudFormation (the text and its error; apostrophes and dashes among them); "
    "read 2026-11-24",
    raises=EC2ClientError,
)
def rule_description(text: str | None) -> str | None:
    """A rule's description has less than 256 characters, of a set without the apostrophe or anything but ASCII."""
    if DESCRIPTION.fullmatch(text or ""):
        return None
    return (
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: "
        " a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
    )
