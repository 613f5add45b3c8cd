"""What several settings together must hold. A rule names the sections it reads and yields the faults it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any, Literal

from infra import catalog
from infra.settings.problem import Key, spelled

if TYPE_CHECKING:
    from infra.settings.enclave import Accounts, Consumer, Hosting, ModelChoice, Network, Retention
    from infra.settings.profile import Topic

ZONE_PREFIX = 26
"""Least subnet of a zone: 59 usable addresses hold an interface endpoint of every service, and the workloads."""

WARN_EVIDENCE_DAYS = 30

RESERVED = {
    IPv4Network("172.17.0.0/16"): "which AWS services such as SageMaker notebooks and Cloud9 use inside their hosts",
}
"""Source: AWS documentation, VPC CIDR blocks, read 2026-11-24."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule, at the key to change."""

    key: Key
    message: str
    severity: Literal["error", "warning"] = "error"


Rule = Callable[..., Iterable[Fault]]


def fault(key: Key, what: str, allowed: Iterable[object] | str) -> Fault:
    """A fault in the house's form: what is wrong with the value, what is allowed, where to change it."""
    options = allowed if isinstance(allowed, str) else ", ".join(str(option) for option in allowed) or "nothing"
    return Fault(key, f"{what}; allowed: {options}; change {spelled(key)}")


def partition_is_known(partition: str) -> Iterator[Fault]:
    """The partition is one of AWS's."""
    if partition not in catalog.partitions():
        yield fault(("partition",), f"partition {partition!r} is not known", sorted(catalog.partitions()))


def region_is_of_partition(partition: str, region: str) -> Iterator[Fault]:
    """The region lies in the partition, and the catalogue knows enough of it to place an enclave there."""
    known = catalog.regions().get(region)
    whole = catalog.partitions().get(partition)
    if whole is None:
        return
    placeable = [name for name in whole.regions if catalog.region(name).zones]
    if known is None:
        yield fault(("region",), f"region {region!r} is not known", placeable)
    elif known.partition != partition:
        yield fault(("region",), f"region {region!r} is in partition {known.partition}, not {partition}", placeable)
    elif not known.zones:
        yield fault(("region",), f"region {region!r} has no zones in the catalogue yet", placeable)


def zones_are_of_region(region: str, network: Network) -> Iterator[Fault]:
    """Each zone is one of the region's, and stands once."""
    known = catalog.regions().get(region)
    seen: set[str] = set()
    for index, zone in enumerate(network.zones):
        if known and known.zones and zone not in known.zones:
            yield fault(("network", "zones", index), f"zone {zone!r} is not in region {region}", known.zones)
        if zone in seen:
            yield fault(("network", "zones", index), f"zone {zone!r} is here twice", "each zone once")
        seen.add(zone)


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


def names_are_used_once(consumers: tuple[Consumer, ...], assumptions: Any, waivers: Any) -> Iterator[Fault]:
    """Consumers and assumptions are told apart by name; a waiver is for one finding."""
    yield from _twice("consumers", "name", [consumer.name for consumer in consumers])
    yield from _twice("assumptions", "id", [assumption.id for assumption in assumptions])
    yield from _twice("waivers", "subject", [f"{waiver.control} {waiver.subject}" for waiver in waivers])


def _twice(section: str, name: str, values: list[str]) -> Iterator[Fault]:
    for index, value in enumerate(values):
        if value in values[:index]:
            where = f"{section}[{values.index(value)}]"
            yield fault((section, index, name), f"{name} {value!r} is used by {where} already", "each once")


def arns_are_of_partition(
    partition: str, accounts: Accounts, identity_provider: str, consumers: tuple[Consumer, ...]
) -> Iterator[Fault]:
    """No ARN of another partition; people sign in through a provider of the enclave's own account."""
    arns: list[tuple[Key, str]] = [(("identity_provider",), identity_provider)]
    for index, consumer in enumerate(consumers):
        arns += [(("consumers", index, "principals", n), arn) for n, arn in enumerate(consumer.principals)]
    for key, arn in arns:
        if arn.split(":")[1] != partition:
            yield fault(key, f"{arn!r} is of partition {arn.split(':')[1]}", f"ARNs of {partition}, arn:{partition}:…")
    account = identity_provider.split(":")[4]
    if account != accounts.enclave:
        what = f"identity provider of account {account}: a role trusts only providers of its own account"
        yield fault(("identity_provider",), what, f"a provider of account {accounts.enclave}")


def vendors_are_known(vendors: Mapping[str, str]) -> Iterator[Fault]:
    """Each vendor has a file in the catalogue."""
    for vendor in vendors:
        if vendor not in catalog.vendors():
            yield fault(("vendors", vendor), f"vendor {vendor!r} is not in the catalogue", sorted(catalog.vendors()))


def models_are_of_vendors(vendors: Mapping[str, str], models: tuple[ModelChoice, ...]) -> Iterator[Fault]:
    """Each model is in the catalogue, its vendor is one of the enclave's, and it stands once."""
    seen = Counter(model.id for model in models)
    for index, choice in enumerate(models):
        key: Key = ("models", index, "id")
        known = catalog.models().get(choice.id)
        if known is None:
            options = [name for name, model in sorted(catalog.models().items()) if model.vendor in vendors]
            yield fault(key, f"model {choice.id!r} is not in the catalogue", options)
        elif known.vendor not in vendors:
            what = f"model {choice.id!r} is of vendor {known.vendor!r}, which vendors does not list"
            yield fault(key, what, f"models of {', '.join(sorted(vendors))}")
        if seen[choice.id] > 1 and any(other.id == choice.id for other in models[:index]):
            yield fault(key, f"model {choice.id!r} is here twice", "each model once, by one routing")


def routings_are_offered(partition: str, region: str, models: tuple[ModelChoice, ...]) -> Iterator[Fault]:
    """Each model is reached as the catalogue offers it, with exactly the profile's own destinations."""
    for index, choice in enumerate(models):
        if choice.id not in catalog.models():
            continue
        offered = catalog.routings(choice.id, region)
        ways = sorted({routing.kind for routing in offered})
        if choice.routing not in ways:
            what = f"routing {choice.routing!r} is not offered for {choice.id} in {region}"
            yield fault(("models", index, "routing"), what, ways or "no routing from here; leave the model out")
        elif choice.routing == "region":
            yield from _no_profile(index, choice)
        else:
            yield from _profile(partition, index, choice, offered)


def _no_profile(index: int, choice: ModelChoice) -> Iterator[Fault]:
    if choice.profile is not None:
        what = f"profile {choice.profile!r} is given beside routing 'region'"
        yield fault(("models", index, "profile"), what, "no profile; or routing profile, if the model has one here")
    if choice.destinations:
        what = (
            f"destinations are given beside routing 'region', which stays in its region: {_list(choice.destinations)}"
        )
        yield fault(("models", index, "destinations"), what, "no destinations")


def _profile(partition: str, index: int, choice: ModelChoice, offered: tuple[catalog.Routing, ...]) -> Iterator[Fault]:
    profiles = {routing.profile: routing for routing in offered if routing.kind == "profile"}
    if choice.profile not in profiles:
        what = (
            f"profile {choice.profile!r} is not one of {choice.id}'s"
            if choice.profile
            else "routing 'profile' names no profile"
        )
        yield fault(("models", index, "profile"), what, sorted(str(profile) for profile in profiles))
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
        what = f"destinations leave out {_list(missing)}, where {choice.profile} may send a call"
        yield fault(key, what, f"exactly {_list(wanted)}")


def hosting_is_possible(
    region: str, partition: str, vendors: Mapping[str, str], hosting: Hosting | None
) -> Iterator[Fault]:
    """SageMaker hosting exists in the region, the image lies in its ECR, and the vendor is one of the enclave's."""
    if hosting is None:
        return
    where = catalog.regions().get(region)
    if where and (lack := where.lacking("sagemaker-hosting")):
        others = [r.name for r in catalog.regions().values() if r.partition == partition and r.zones and r != where]
        what = f"hosting is not possible in {region}, which has no {_list(lack.types)}"
        yield fault(("hosting",), what, f"no hosting here, or region {_list(others)}")
    host = hosting.image.split("/")[0]
    whole = catalog.partitions().get(partition)
    suffix = whole.dns_suffix if whole else "amazonaws.com"
    if not any(host.endswith(f".{ecr}.{region}.{suffix}") for ecr in ("dkr.ecr", "dkr.ecr-fips")):
        what = f"image lies in {host}, which is not this region's ECR"
        yield fault(("hosting", "image"), what, f"an image in ACCOUNT.dkr.ecr.{region}.{suffix}")
    if hosting.vendor not in vendors:
        what = f"vendor {hosting.vendor!r} of the hosted model is not listed under vendors"
        yield fault(("hosting", "vendor"), what, sorted(vendors))
    if hosting.instances.min > hosting.instances.max:
        what = f"at least {hosting.instances.min} instances but at most {hosting.instances.max}"
        yield fault(("hosting", "instances"), what, "min no greater than max")


def hosted_model_reaches_its_artifact(network: Network, hosting: Hosting | None) -> Iterator[Fault]:
    """SageMaker fetches the weights through the VPC, where the way to S3 is its prefix list."""
    if hosting is not None and "s3" not in network.prefix_lists:
        what = "hosting is on, but network.prefix_lists has no s3, so the model could not fetch its weights"
        yield fault(("hosting",), what, "network.prefix_lists.s3, as `aws ec2 describe-managed-prefix-lists` shows it")


def images_are_judged(region: str) -> Iterator[Fault]:
    """Where the region's guardrails cannot judge images, that protection is lost, and said so."""
    where = catalog.regions().get(region)
    if where and (lack := where.lacking("guardrail-image-filters")):
        what = f"{region} has no image filters in guardrails, which loses {lack.loses}; instead: {lack.instead}"
        yield Fault(("region",), what, "warning")


def evidence_lock_is_short(retention: Retention) -> Iterator[Fault]:
    """A COMPLIANCE lock cannot be undone: a long one warns before it is deployed."""
    days = retention.evidence_days
    if days > WARN_EVIDENCE_DAYS:
        yield Fault(
            ("retention", "evidence_days"),
            f"evidence is locked for {days} days: COMPLIANCE cannot be shortened or undone by anyone, the bucket and "
            f"its cost stay that long; {WARN_EVIDENCE_DAYS} or fewer do not warn",
            "warning",
        )


def tag_keys_differ(tags: Mapping[str, str]) -> Iterator[Fault]:
    """IAM takes keys that differ only in case for the same."""
    seen: dict[str, str] = {}
    for key in tags:
        if key.lower() in seen:
            yield fault(("tags", key), f"tag {key!r} differs from {seen[key.lower()]!r} only in case", "one of them")
        seen.setdefault(key.lower(), key)


def required_topics_stand(topics: tuple[Topic, ...]) -> Iterator[Fault]:
    """The agreement's topics are there, and still say what they are for."""
    yield from _twice("topics", "name", [topic.name for topic in topics])
    by_name = {topic.name: (index, topic) for index, topic in reversed(list(enumerate(topics)))}
    for required in catalog.required_topics():
        if required.name not in by_name:
            what = f"topic {required.name!r} is missing, which the agreement requires ({required.clause})"
            yield Fault(("topics",), f"{what}; add it as it stands in the catalogue: {required.definition}")
            continue
        index, topic = by_name[required.name]
        if short := required.shortfall(topic.definition, topic.examples):
            what = f"topic {required.name!r} no longer says what the agreement requires ({required.clause}): {short}"
            yield fault(("topics", index), what, f"a definition such as: {required.definition}")


def strengths_are_agreed(content: Mapping[str, str], prompt_attack: str, pii: Mapping[str, str]) -> Iterator[Fault]:
    """Each filter is at least as strong as agreed."""
    agreed = catalog.strengths()
    order = catalog.STRENGTHS
    for name, least in agreed.content.items():
        got = content.get(name)
        if got is None or order.index(got) < order.index(least):
            what = f"content filter {name} is {got or 'missing'}"
            yield fault(("content", name), what, order[order.index(least) :])
    if order.index(prompt_attack) < order.index(agreed.prompt_attack):
        yield fault(
            ("prompt_attack",), f"prompt-attack filter is {prompt_attack}", order[order.index(agreed.prompt_attack) :]
        )
    for name in agreed.pii:
        if name not in pii:
            yield fault(
                ("pii", name), f"personal data {name} is missing, which the agreement requires", "BLOCK, ANONYMIZE"
            )


def _list(values: Iterable[str]) -> str:
    return ", ".join(values)


ENCLAVE_RULES: tuple[Rule, ...] = (
    partition_is_known,
    region_is_of_partition,
    zones_are_of_region,
    cidr_holds_the_zones,
    names_are_used_once,
    arns_are_of_partition,
    vendors_are_known,
    models_are_of_vendors,
    routings_are_offered,
    hosting_is_possible,
    hosted_model_reaches_its_artifact,
    images_are_judged,
    evidence_lock_is_short,
    tag_keys_differ,
)

PROFILE_RULES: tuple[Rule, ...] = (required_topics_stand, strengths_are_agreed)
