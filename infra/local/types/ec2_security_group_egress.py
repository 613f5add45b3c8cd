"""AWS::EC2::SecurityGroupEgress."""

from __future__ import annotations

from infra.local.security_group_rules import RuleOfItsOwn


class SecurityGroupEgress(RuleOfItsOwn, name="AWS::EC2::SecurityGroupEgress"):
    """One rule that lets traffic out of a group."""

    direction = "egress"
