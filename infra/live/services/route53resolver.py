"""Route 53 Resolver: DNS firewall and query logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

SERVICE = "route53resolver"
RULE = (
    "Action",
    "BlockOverrideDomain",
    "BlockResponse",
    "DnsThreatProtection",
    "FirewallDomainListId",
    "FirewallDomainRedirectionAction",
    "Priority",
    "Qtype",
)


@reader
def firewall(account: Account, names: Names) -> Iterator[Found]:
    """Domain lists of the account's own, rule groups with their rules, associations."""
    for listed in account.all(SERVICE, "list_firewall_domain_lists", "FirewallDomainLists"):
        if not listed.get("ManagedOwnerName"):
            list_id = listed["Id"]
            domains = list(account.all(SERVICE, "list_firewall_domains", "Domains", FirewallDomainListId=list_id))
            yield Found("AWS::Route53Resolver::FirewallDomainList", list_id, {"Domains": domains})
    for group in account.all(SERVICE, "list_firewall_rule_groups", "FirewallRuleGroups"):
        group_id = group["Id"]
        rules = account.all(SERVICE, "list_firewall_rules", "FirewallRules", FirewallRuleGroupId=group_id)
        written = [{name: rule[name] for name in RULE if rule.get(name) is not None} for rule in rules]
        yield Found("AWS::Route53Resolver::FirewallRuleGroup", group_id, {"FirewallRules": written})
    associations = account.all(SERVICE, "list_firewall_rule_group_associations", "FirewallRuleGroupAssociations")
    for association in associations:
        kept = ("FirewallRuleGroupId", "MutationProtection", "Priority", "VpcId")
        given = {name: association[name] for name in kept if name in association}
        yield Found("AWS::Route53Resolver::FirewallRuleGroupAssociation", association["Id"], given)


@reader
def failure_modes(account: Account, names: Names) -> Iterator[Found]:
    """Whether each of the enclave's VPCs is answered while the firewall cannot judge."""
    for vpc_id in names.ids("AWS::EC2::VPC", account.place):
        config = account.call(SERVICE, "get_firewall_config", ResourceId=vpc_id)["FirewallConfig"]
        given = {"ResourceId": config["ResourceId"], "FirewallFailOpen": config["FirewallFailOpen"]}
        yield Found("AWS::Route53Resolver::FirewallConfig", config.get("Id", vpc_id), given)


@reader
def query_logs(account: Account, names: Names) -> Iterator[Found]:
    """Query log configurations and the VPCs associated with them."""
    for config in account.all(SERVICE, "list_resolver_query_log_configs", "ResolverQueryLogConfigs"):
        given = {"DestinationArn": config["DestinationArn"]}
        yield Found("AWS::Route53Resolver::ResolverQueryLoggingConfig", config["Id"], given)
    associations = account.all(
        SERVICE, "list_resolver_query_log_config_associations", "ResolverQueryLogConfigAssociations"
    )
    for association in associations:
        if association.get("Status") not in ("DELETING", "FAILED"):
            kept = ("ResolverQueryLogConfigId", "ResourceId")
            given = {name: association[name] for name in kept}
            yield Found("AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation", association["Id"], given)
