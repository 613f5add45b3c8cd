"""AWS::Route53Resolver::FirewallDomainList."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.declared import Call, Declared, Setting, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context

IDENTIFIED = {"FirewallDomainListId": "{id}"}


class FirewallDomainList(Declared, name="AWS::Route53Resolver::FirewallDomainList"):
    """A list of domain names that firewall rules refer to."""

    service = "route53resolver"
    creates = Call("create_firewall_domain_list")
    generates = ("Name", 64)
    identity = "FirewallDomainList.Id"
    reads = (
        Call("get_firewall_domain_list", IDENTIFIED, "FirewallDomainList"),
        Call("list_firewall_domains", {**IDENTIFIED, "MaxResults": 5000}, "{Domains: Domains}"),
    )
    settings = (
        Setting(
            ("Domains",),
            Call("update_firewall_domains", {**IDENTIFIED, "Operation": "REPLACE", "Domains": "{Domains}"}),
        ),
    )
    deletes = Call("delete_firewall_domain_list", IDENTIFIED)
    tagging = Tagging(lists=Call("list_tags_for_resource", {"ResourceArn": "{Arn}"}, "Tags"))

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        # The service ends names in a dot; templates mostly do not.
        return {**answer, "Domains": [name.removesuffix(".") for name in answer["Domains"]]}
