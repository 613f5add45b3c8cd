"""AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation."""

from __future__ import annotations

from infra.local.declared import Call, Declared


class ResolverQueryLoggingConfigAssociation(
    Declared, name="AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation"
):
    """A VPC whose DNS queries are logged by a configuration."""

    service = "route53resolver"
    creates = Call("associate_resolver_query_log_config")
    identity = "ResolverQueryLogConfigAssociation.Id"
    reads = (
        Call(
            "get_resolver_query_log_config_association",
            {"ResolverQueryLogConfigAssociationId": "{id}"},
            "ResolverQueryLogConfigAssociation",
        ),
    )
    deletes = Call(
        "disassociate_resolver_query_log_config",
        {"ResolverQueryLogConfigId": "{ResolverQueryLogConfigId}", "ResourceId": "{ResourceId}"},
    )
