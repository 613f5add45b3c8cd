"""Vendors, models and how each is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.settings.rules.placement import is_placed
from infra.settings.rules.rule import Fault, fault, listed, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.settings.enclave import ModelChoice
    from infra.settings.problem import Key

POLICY_ROOM, POLICY_SHARE_BY_PROFILE, POLICY_SHARE_IN_REGION = 5_800, 660, 100
"""Characters that models may take of a managed policy, and what one takes, measured on InvokePolicy with long ids."""


@rule
def vendors_are_known(vendors: Mapping[str, str]) -> Iterator[Fault]:
    """Each vendor has a file in the catalogue."""
    for vendor in vendors:
        if vendor not in catalog.vendors():
            known = sorted(catalog.vendors())
            yield fault(("vendors", vendor), f"vendor {vendor!r} is not in the catalogue", known, got=vendor)


@rule
def models_are_of_vendors(
    partition: str, region: str, vendors: Mapping[str, str], models: tuple[ModelChoice, ...]
) -> Iterator[Fault]:
    """Each model is in the catalogue, its vendor is one of the enclave's, and it stands once."""
    for index, choice in enumerate(models):
        key: Key = ("models", index, "id")
        known = catalog.models().get(choice.id)
        if known is None:
            yield fault(
                key,
                f"model {choice.id!r} is not in the catalogue",
                _offered(partition, region, choice.id, vendors),
                got=choice.id,
            )
        elif known.vendor not in vendors:
            what = f"model {choice.id!r} is of vendor {known.vendor!r}, which vendors does not list"
            yield fault(key, what, f"models of {listed(sorted(vendors))}")
        if any(other.id == choice.id for other in models[:index]):
            yield fault(key, f"model {choice.id!r} is here twice", "each model once, by one routing")


def _offered(partition: str, region: str, id: str, vendors: Mapping[str, str]) -> list[str]:
    """The models that could stand in a wrong one's place: its vendor's if it has one, and of this region."""
    mine = {id.split(".", maxsplit=1)[0]} & set(catalog.vendors()) or set(vendors)
    here = [model for model in catalog.models().values() if model.vendor in mine]
    if is_placed(partition, region):
        here = [model for model in here if catalog.routings(model.id, region)]
    return sorted(model.id for model in here)


@rule
def routings_are_offered(partition: str, region: str, models: tuple[ModelChoice, ...]) -> Iterator[Fault]:
    """Each model is reached as the catalogue offers it, with exactly the profile's own destinations."""
    for index, choice in enumerate(models):
        if choice.id not in catalog.models() or not is_placed(partition, region):
            continue
        offered = catalog.routings(choice.id, region)
        ways = sorted({routing.kind for routing in offered})
        if not ways:
            elsewhere = ", ".join(catalog.model(choice.id).routings)
            what = f"model {choice.id!r} is not offered in {region}, only in {elsewhere}"
            yield fault(("models", index, "id"), what, _offered(partition, region, choice.id, {}))
        elif choice.routing not in ways:
            what = f"routing {choice.routing!r} is not offered for {choice.id} in {region}"
            yield fault(("models", index, "routing"), what, _ways(offered))
        elif choice.routing == "region":
            yield from _no_profile(index, choice)
        else:
            yield from _profile(partition, index, choice, offered)


def _ways(offered: tuple[catalog.Routing, ...]) -> list[str]:
    """Routings as one would write them."""
    return [
        routing.kind if routing.profile is None else f"profile, with profile {routing.profile}" for routing in offered
    ]


def _no_profile(index: int, choice: ModelChoice) -> Iterator[Fault]:
    if choice.profile is not None:
        what = f"profile {choice.profile!r} is given beside routing 'region'"
        yield fault(("models", index, "profile"), what, "no profile; or routing profile, if the model has one here")
    if choice.destinations:
        what = (
            f"destinations are given beside routing 'region', which stays in its region: {listed(choice.destinations)}"
        )
        yield fault(("models", index, "destinations"), what, "no destinations")


def _profile(partition: str, index: int, choice: ModelChoice, offered: tuple[catalog.Routing, ...]) -> Iterator[Fault]:
    profiles = {routing.profile: routing for routing in offered if routing.kind == "profile"}
    if choice.profile not in profiles:
        allowed = sorted(str(profile) for profile in profiles)
        what = f"profile {choice.profile!r} is not one of {choice.id}'s"
        if choice.profile is None:
            what = "routing 'profile' names no profile"
        yield fault(("models", index, "profile"), what, allowed, got=choice.profile or "")
        return
    wanted = profiles[choice.profile].destinations
    key: Key = ("models", index, "destinations")
    for n, destination in enumerate(choice.destinations):
        known = catalog.regions().get(destination)
        if known is None or known.partition != partition:
            where = f"in partition {known.partition}" if known else "not known"
            yield fault((*key, n), f"destination {destination!r} is {where}, not in {partition}", wanted)
        elif destination not in wanted:
            yield fault((*key, n), f"destination {destination!r} is not one of {choice.profile}'s", wanted)
        elif destination in choice.destinations[:n]:
            yield fault((*key, n), f"destination {destination!r} is here twice", wanted)
    if missing := [region for region in wanted if region not in choice.destinations]:
        what = f"destinations leave out {listed(missing)}, where {choice.profile} may send a call"
        yield fault(key, what, f"exactly {listed(wanted)}")


@rule
def models_fit_a_policy(models: tuple[ModelChoice, ...]) -> Iterator[Fault]:
    """The managed policies that pin the models have 6,144 characters each (IAM quotas, read 2026-11-24)."""
    routed = sum(model.routing == "profile" for model in models)
    direct = len(models) - routed
    if routed * POLICY_SHARE_BY_PROFILE + direct * POLICY_SHARE_IN_REGION > POLICY_ROOM:
        what = f"{direct} models in the region and {routed} by profile are more than IAM's managed policies hold"
        yield fault(("models",), what, "about eight by profile, or fifty in the region, or a mixture")
