"""VPC endpoint services per region: name, FIPS name, and whether the endpoint takes a policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from infra.catalog.source import Source, data, source

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class EndpointService:
    """One service that can be reached inside a VPC in one region."""

    service: str
    """The short name, such as `bedrock-runtime`."""
    kind: Literal["interface", "gateway"]
    name: str
    """The plain service name."""
    fips_name: str | None
    """The FIPS service name, where the service has one of its own."""
    is_fips: bool
    """Whether `preferred_name` leads to the host that the SDKs use for FIPS."""
    takes_policy: bool
    iam: str
    """The IAM namespace of the actions that come through it."""
    source: Source

    @property
    def preferred_name(self) -> str:
        """The FIPS name where there is one, the plain name otherwise."""
        return self.fips_name or self.name


@cache
def endpoint_services(region: str) -> Mapping[str, EndpointService]:
    """The endpoint services of a region, by short name; empty where the catalogue knows none."""
    whole = data("endpoints.yaml")
    found = {}
    for entry in whole["services"]:
        offer = entry["regions"].get(region)
        if offer is None:
            continue
        stem = f"com.amazonaws.{region}.{entry['service']}"
        found[entry["service"]] = EndpointService(
            service=entry["service"],
            kind=entry["kind"],
            name=stem,
            fips_name=f"{stem}-fips" if offer["fips"] == "own" else None,
            is_fips=offer["fips"] != "none",
            takes_policy=entry["policy"],
            iam=entry["iam"],
            source=source(entry if "source" in entry else whole),
        )
    return MappingProxyType(found)
