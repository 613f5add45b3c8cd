"""AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation."""

from __future__ import annotations

from typing import Any

from infra.local.rule import rule


@rule(
    "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
    error="InvalidRequestException",
    source="https://docs.aws.amazon.com/Route53/latest/APIReference/"
    "API_route53resolver_AssociateResolverQueryLogConfig.html, read 2026-11-24; cdk-preflight 1.9.1",
)
def one_of_a_kind(backend: Any, config: Any, vpc: str) -> str | None:
    """A VPC's queries go to one destination of a kind: one log group, one bucket."""
    for other in list(backend.resolver_query_log_config_associations.values()):
        theirs = backend.resolver_query_log_configs[other.resolver_query_log_config_id]
        same = (other.resource_id, _kind(theirs)) == (vpc, _kind(config))
        if theirs is not config and same:
            return f"VPC {vpc} already logs queries to a destination of this type"
    return None


def _kind(config: Any) -> str:
    return str(config.destination_arn.split(":")[2])
