"""AWS::EC2::VPCBlockPublicAccessOptions."""

from __future__ import annotations

from infra.local.rule import rule

TYPE = "AWS::EC2::VPCBlockPublicAccessOptions"


@rule(
    TYPE,
    error="AlreadyExists",
    source="the type's create handler asks for DescribeVpcBlockPublicAccessOptions, 'off' is the default, and its "
    "primary identifier is the account (registry schema in cfn-lint 1.58.0); that it then refuses is an inference from "
    "the contract that every type is held to; read 2026-11-24",
)
def nobody_set_it(standing: str) -> str | None:
    """The account has no block of public access in the region yet: there is one, and no stack takes another's over."""
    if standing == "off":
        return None
    return f"Resource of type '{TYPE}' already exists: InternetGatewayBlockMode is {standing}."
