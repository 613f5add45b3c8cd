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
    name: str | None
    """The plain service name; None where only the FIPS one exists."""
    fips_name: str | None
    takes_policy: bool
    iam: str
    """The IAM namespace of the actions that come through it."""
    source: Source

    @property
    def preferred_name(self) -> str:
        """The FIPS name where there is one, the plain name otherwise."""
        return self.fips_name or self.name or ""


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
            name=stem if offer["plain"] else None,
            fips_name=f"{stem}-fips" if offer["fips"] else None,
            takes_policy=entry["policy"],
            iam=entry["iam"],
            source=source(entry if "source" in entry else whole),
        )
    return MappingProxyType(found)
