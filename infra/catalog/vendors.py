"""Vendors, their models, and how each model can be reached from each region."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from infra.catalog.source import Source, data, names, source

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Routing:
    """One way to reach a model: in the calling region alone, or by a profile to its destinations."""

    kind: Literal["region", "profile"]
    profile: str | None
    destinations: tuple[str, ...]
    """The regions the model may run in; for `region` that is the calling region."""
    source: Source


@dataclass(frozen=True, slots=True)
class Model:
    """One model on bedrock-runtime; models that only bedrock-mantle offers are none, for no guardrail covers them."""

    id: str
    vendor: str
    routings: Mapping[str, tuple[Routing, ...]]
    """By calling region."""
    source: Source


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor and its models."""

    name: str
    title: str
    models: tuple[Model, ...]
    source: Source


def _routing(name: str, region: str, profiles: dict[str, Any], of: Source) -> Routing:
    if name == "region":
        return Routing("region", None, (region,), of)
    profile = profiles[name]
    return Routing("profile", name, tuple(profile["destinations"][region]), source(profile))


def _vendor(name: str) -> Vendor:
    whole = data(f"vendors/{name}.yaml")
    profiles = {profile["id"]: profile for profile in whole.get("profiles", ())}
    return Vendor(
        name=name,
        title=whole["title"],
        models=tuple(
            Model(
                id=entry["id"],
                vendor=name,
                routings=MappingProxyType(
                    {
                        region: tuple(_routing(way, region, profiles, source(entry)) for way in ways)
                        for region, ways in sorted(entry["routings"].items())
                    }
                ),
                source=source(entry),
            )
            for entry in whole["models"]
        ),
        source=source(whole),
    )


@cache
def vendors() -> Mapping[str, Vendor]:
    """Every vendor, by name: one file each."""
    return MappingProxyType({name: _vendor(name) for name in names("vendors")})


@cache
def models() -> Mapping[str, Model]:
    """Every model, by id."""
    return MappingProxyType({model.id: model for vendor in vendors().values() for model in vendor.models})


def model(id: str) -> Model:
    """One model; KeyError if the catalogue has none of that id."""
    return models()[id]


def routings(model_id: str, region: str) -> tuple[Routing, ...]:
    """The ways to reach a model from a region; empty where it is not offered."""
    found = models().get(model_id)
    return found.routings.get(region, ()) if found else ()
