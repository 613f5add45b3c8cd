"""AWS::Route53Resolver::ResolverQueryLoggingConfig."""

from __future__ import annotations

from infra.local.declared import Call, Declared, Tagging

IDENTIFIED = {"ResolverQueryLogConfigId": "{id}"}


class ResolverQueryLoggingConfig(Declared, name="AWS::Route53Resolver::ResolverQueryLoggingConfig"):
    """Where DNS queries are logged to; VPCs are associated with it."""

    service = "route53resolver"
    creates = Call("create_resolver_query_log_config")
    generates = ("Name", 64)
    identity = "ResolverQueryLogConfig.Id"
    reads = (Call("get_resolver_query_log_config", IDENTIFIED, "ResolverQueryLogConfig"),)
    deletes = Call("delete_resolver_query_log_config", IDENTIFIED)
    tagging = Tagging(lists=Call("list_tags_for_resource", {"ResourceArn": "{Arn}"}, "Tags"))
