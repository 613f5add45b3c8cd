"""AWS::EC2::SecurityGroupIngress."""

from __future__ import annotations

from infra.local.security_group_rules import RuleOfItsOwn


class SecurityGroupIngress(RuleOfItsOwn, name="AWS::EC2::SecurityGroupIngress"):
    """One rule that lets traffic into a group."""

    direction = "ingress"
