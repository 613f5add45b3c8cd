"""AWS::EC2::NetworkAclEntry."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import EC2ClientError

from infra.local.quotas import allowed
from infra.local.rule import rule


@rule(
    "AWS::EC2::NetworkAclEntry",
    error="NetworkAclEntryLimitExceeded",
    source="https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, "
    "and EC2's table of error codes; the text is inferred; read 2026-11-24",
    raises=EC2ClientError,
)
def quota(backend: Any, acl: Any, egress: bool) -> str | None:
    """A network ACL has at most 20 rules in a direction, the default deny counted."""
    taken = [entry for entry in acl.network_acl_entries if entry.egress == egress]
    if len(taken) < allowed(backend.account_id, backend.region_name, "vpc", "Rules per network ACL"):
        return None
    return "The maximum number of network acl entries has been reached."
