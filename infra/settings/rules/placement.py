"""Partition, region, zones and address range."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from infra import catalog
from infra.settings.rules.rule import Fault, fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.settings.enclave import Network
    from infra.settings.problem import Key

ZONE_PREFIX = 26
"""Least subnet of a zone: 59 usable addresses hold an interface endpoint of every service, and the workloads."""

RESERVED = {
    IPv4Network("172.17.0.0/16"): "which AWS services such as SageMaker notebooks and Cloud9 use inside their hosts",
}
"""Source: AWS documentation, VPC CIDR blocks, read 2026-11-24."""


@rule
def region_is_of_partition(partition: str, region: str) -> Iterator[Fault]:
    """The partition is one where an enclave can be placed, and the region is one of it."""
    regions = {name: placeable(name) for name in catalog.partitions()}
    if partition not in regions:
        yield fault(("partition",), f"partition {partition!r} is not known", _placed(regions), got=partition)
        return
    allowed = regions[partition]
    if not allowed:
        what = f"partition {partition!r} has no region whose zones and models the catalogue knows"
        yield fault(("partition",), what, _placed(regions))
        return
    known = catalog.regions().get(region)
    if known is None:
        yield fault(("region",), f"region {region!r} is not known", allowed, got=region)
    elif known.partition != partition:
        yield fault(("region",), f"region {region!r} is in partition {known.partition}, not {partition}", allowed)


def placeable(partition: str) -> list[str]:
    """The regions of a partition that an enclave can be placed in."""
    return [name for name in catalog.partition(partition).regions if catalog.region(name).zones]


def _placed(regions: Mapping[str, list[str]]) -> list[str]:
    return [name for name, placed in regions.items() if placed]


def is_placed(partition: str, region: str) -> bool:
    """Whether the region holds by itself; if not, its own fault says so, and what depends on it is not judged."""
    return partition in catalog.partitions() and region in placeable(partition)


@rule
def zones_are_of_region(partition: str, region: str, network: Network) -> Iterator[Fault]:
    """Each zone is one of the region's, and stands once."""
    for index, zone in enumerate(network.zones):
        key: Key = ("network", "zones", index)
        if is_placed(partition, region) and zone not in catalog.region(region).zones:
            yield fault(key, f"zone {zone!r} is not in region {region}", catalog.region(region).zones)
        elif zone in network.zones[:index]:
            yield fault(key, f"zone {zone!r} is here twice", "each zone once")


@rule
def cidr_holds_the_zones(network: Network) -> Iterator[Fault]:
    """A subnet of every zone fits, and no range that AWS services use inside is overlapped."""
    zones = len(network.zones)
    largest = ZONE_PREFIX - (zones - 1).bit_length()
    if network.cidr.prefixlen > largest:
        what = f"network {network.cidr} is too small for {zones} zones of at least a /{ZONE_PREFIX}"
        yield fault(("network", "cidr"), what, f"/{largest} or larger")
    for block, why in RESERVED.items():
        if network.cidr.overlaps(block):
            yield fault(
                ("network", "cidr"), f"network {network.cidr} overlaps {block}, {why}", "any other private range"
            )


@rule
def images_are_judged(region: str) -> Iterator[Fault]:
    """Where the region's guardrails cannot judge images, that protection is lost, and said so."""
    where = catalog.regions().get(region)
    if where and (lack := where.lacking("guardrail-image-filters")):
        what = f"{region} has no image filters in guardrails, which loses {lack.loses}; instead: {lack.instead}"
        yield Fault(("region",), what, "warning")
