"""Endpoint services and prefix lists: there, and as the templates and the settings have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.preflight.item import Answer, decided, item
from infra.preflight.questions import Unanswered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.preflight.about import About
    from infra.preflight.questions import Questions

SERVICES, LISTS = "ec2:DescribeVpcEndpointServices", "ec2:DescribeManagedPrefixLists"
SOURCE = 'EC2 API reference, DescribeVpcEndpointServices; PrivateLink guide, "Access an AWS service", read 2026-11-24'
CATALOGUE = "correct infra/catalog/data/endpoints.yaml with what the account says, and synthesise again"


def _wanted(about: About) -> dict[str, dict[str, Any]]:
    return {each["ServiceName"]: each for each in about.resources("AWS::EC2::VPCEndpoint")}


def _offered(ask: Questions, about: About) -> dict[tuple[str, str], dict[str, Any]]:
    """What the region offers of the services that the templates name, by name and kind."""
    names = [{"Name": "service-name", "Values": sorted(_wanted(about))}]
    told = ask.all(SERVICES, "ServiceDetails", Filters=names)
    return {(each["ServiceName"], kind["ServiceType"]): each for each in told for kind in each["ServiceType"]}


@item(
    "endpoint-services", "each endpoint service is offered, as an endpoint of its kind", asks=(SERVICES,), source=SOURCE
)
def services(ask: Questions, about: About) -> Answer:
    """The region lists each name that the templates ask for, as interface or as gateway."""
    wanted, offered = _wanted(about), _offered(ask, about)
    faults = [
        f"{name} is not offered as {each['VpcEndpointType'].lower()} endpoint"
        for name, each in sorted(wanted.items())
        if (name, each["VpcEndpointType"]) not in offered
    ]
    return decided(faults, f"all {len(wanted)} are", CATALOGUE)


def _detailed(
    ask: Questions, about: About, kinds: Sequence[str] = ("Interface",)
) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Each endpoint of these kinds that the templates ask for: its service, its properties, what the region says of it.

    Raises Unanswered where one is not offered: nothing is known of it then.
    """
    offered = _offered(ask, about)
    wanted = [(name, each) for name, each in sorted(_wanted(about).items()) if each["VpcEndpointType"] in kinds]
    if gone := [name for name, each in wanted if (name, each["VpcEndpointType"]) not in offered]:
        raise Unanswered(f"{', '.join(gone)} is not offered, so that nothing is known of it", CATALOGUE)
    return [(name, each, offered[name, each["VpcEndpointType"]]) for name, each in wanted]


@item("endpoint-zones", "each interface endpoint is offered in the chosen zones", asks=(SERVICES,), source=SOURCE)
def endpoint_zones(ask: Questions, about: About) -> Answer:
    """The service lists every zone of the settings."""
    wanted, found = set(about.settings.network.zones), _detailed(ask, about)
    gone = {name: wanted - set(details["AvailabilityZones"]) for name, _, details in found}
    faults = [f"{name} is not in {', '.join(sorted(zones))}" for name, zones in gone.items() if zones]
    return decided(faults, f"all {len(found)} are", "change network.zones")


@item("endpoint-private-dns", "each interface endpoint has a private name", asks=(SERVICES,), source=SOURCE)
def private_dns(ask: Questions, about: About) -> Answer:
    """The service has one, where the templates turn private DNS on."""
    asked = [each for each in _detailed(ask, about) if each[1].get("PrivateDnsEnabled")]
    faults = [f"{name} has no private DNS name" for name, _, details in asked if not details.get("PrivateDnsName")]
    return decided(faults, f"all {len(asked)} have", CATALOGUE)


@item("endpoint-policies", "each endpoint takes a policy", asks=(SERVICES,), source=SOURCE)
def endpoint_policies(ask: Questions, about: About) -> Answer:
    """Without one it would admit anyone."""
    found = _detailed(ask, about, ("Gateway", "Interface"))
    faults = [f"{name} takes none" for name, _, details in found if not details["VpcEndpointPolicySupported"]]
    return decided(faults, f"all {len(found)} do", CATALOGUE)


@item(
    "prefix-lists",
    "the prefix lists of the settings are AWS's of the region",
    asks=(LISTS,),
    source='VPC user guide, "AWS-managed prefix lists", read 2026-11-24',
    when=lambda settings: bool(settings.network.prefix_lists),
)
def prefix_lists(ask: Questions, about: About) -> Answer:
    """Each id is the list of that service's name, owned by AWS."""
    told = ask.all(LISTS, "PrefixLists")
    names = {each["PrefixListId"]: each["PrefixListName"] for each in told if each.get("OwnerId") == "AWS"}
    ids = {name: listed for listed, name in names.items()}
    faults = []
    for service, wanted in sorted(about.settings.network.prefix_lists.items()):
        name = f"com.amazonaws.{about.settings.region}.{service}"
        if names.get(wanted) != name:
            faults.append(
                f"{service}: {wanted} is {names.get(wanted, 'none of AWS')}, {name} is {ids.get(name, 'not there')}"
            )
    return decided(
        faults, ", ".join(sorted(about.settings.network.prefix_lists.values())), "change network.prefix_lists"
    )
