"""What the stacks of an assembly cost at rest: quantities from the templates, prices from the catalogue.

An instance type is an item by its own name. What has no price is in no sum, and a sum that lacks one says so.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infra.catalog.prices import Item, charges, hours_per_month, items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from infra.catalog.prices import Price
    from infra.judges.template import Template

HIGH_RESOLUTION_SECONDS_BELOW = 60


class Unjudged(ValueError):
    """A type of which nobody has said how it is charged, or a quantity that the template does not tell."""


@dataclass(frozen=True)
class Line:
    """One item of one stack."""

    item: Item
    quantity: int
    price: Price | None

    @property
    def usd(self) -> Decimal | None:
        """What it costs a month; None where no price is known."""
        if self.price is None:
            return None
        return self.price.usd * self.quantity * (hours_per_month() if self.item.per == "hour" else 1)


@dataclass(frozen=True)
class StackCost:
    """One stack at rest."""

    stack: str
    region: str
    lines: tuple[Line, ...]

    @property
    def usd(self) -> Decimal:
        """The sum of what has a price."""
        return sum((line.usd for line in self.lines if line.usd is not None), Decimal())

    @property
    def unpriced(self) -> tuple[str, ...]:
        """The items that no price is known of."""
        return tuple(line.item.what for line in self.lines if line.price is None)


@dataclass(frozen=True)
class Cost:
    """Every stack at rest, and what is not included because its cost is by use."""

    stacks: tuple[StackCost, ...]
    not_included: tuple[str, ...]

    @property
    def usd(self) -> Decimal:
        """The sum of what has a price."""
        return sum((stack.usd for stack in self.stacks), Decimal())

    @property
    def unpriced(self) -> tuple[tuple[str, str], ...]:
        """What no price is known of, with the region."""
        return tuple(sorted({(what, stack.region) for stack in self.stacks for what in stack.unpriced}))


def cost(templates: Sequence[Template]) -> Cost:
    """What the templates' stacks cost at rest. Raises Unjudged, naming every resource that cannot be counted."""
    judged = charges()
    faults = [
        f"{template.stack}: {resource['Type']} ({logical_id}): nobody has said how it is charged; say it in "
        "infra/catalog/data/prices.yaml"
        for template in templates
        for logical_id, resource in sorted(template.body["Resources"].items())
        if resource["Type"] not in judged
    ]
    if faults:
        raise Unjudged("\n".join(faults))
    kinds = {resource["Type"] for template in templates for resource in template.body["Resources"].values()}
    by_use = sorted({judged[kind].use for kind in kinds} - {""})
    return Cost(tuple(_stack(template) for template in templates), tuple(by_use))


def _stack(template: Template) -> StackCost:
    counted: Counter[str] = Counter()
    resources = template.body["Resources"]
    for logical_id, resource in resources.items():
        counts = QUANTITIES.get(resource["Type"])
        for item, quantity in counts(resource.get("Properties", {}), resources) if counts else ():
            if not isinstance(quantity, int):
                raise Unjudged(f"{template.stack}: {logical_id}: the template does not tell how many of {item}")
            counted[item] += quantity
    return StackCost(
        template.stack, template.region, tuple(_line(name, counted[name], template.region) for name in sorted(counted))
    )


def _line(name: str, quantity: int, region: str) -> Line:
    item = items().get(name) or Item(name, name, "instance", "hour", {})
    return Line(item, quantity, item.prices.get(region))


def _key(_: Mapping[str, Any], __: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "kms-key", 1


def _encryption_control(_: Mapping[str, Any], __: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "encryption-control", 1


def _endpoint(properties: Mapping[str, Any], _: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Gateway endpoints cost nothing; CloudFormation's default is one."""
    if properties.get("VpcEndpointType", "Gateway") != "Gateway":
        yield "interface-endpoint", _length(properties.get("SubnetIds"))


def _alarm(properties: Mapping[str, Any], _: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    metrics = [each["MetricStat"] for each in properties.get("Metrics", ()) if "MetricStat" in each] or [properties]
    for metric in metrics:
        period = metric.get("Period", HIGH_RESOLUTION_SECONDS_BELOW)
        high = isinstance(period, int) and period < HIGH_RESOLUTION_SECONDS_BELOW
        yield "high-resolution-alarm-metric" if high else "alarm-metric", 1 if isinstance(period, int) else None


def _domains(properties: Mapping[str, Any], _: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield "firewall-domain", _length(properties.get("Domains"))


def _instances(properties: Mapping[str, Any], resources: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The instances of the configuration that the endpoint names, in the same template."""
    named = properties.get("EndpointConfigName")
    logical_id = (named.get("Ref") or named.get("Fn::GetAtt", [""])[0]) if isinstance(named, dict) else ""
    config = resources.get(logical_id)
    if config is None:
        yield "an endpoint's instances", None
        return
    for variant in config["Properties"]["ProductionVariants"]:
        yield str(variant.get("InstanceType", "instances")), variant.get("InitialInstanceCount")


def _length(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


QUANTITIES: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Iterator[tuple[str, Any]]]] = {
    "AWS::CloudWatch::Alarm": _alarm,
    "AWS::EC2::VPCEncryptionControl": _encryption_control,
    "AWS::EC2::VPCEndpoint": _endpoint,
    "AWS::KMS::Key": _key,
    "AWS::Route53Resolver::FirewallDomainList": _domains,
    "AWS::SageMaker::Endpoint": _instances,
}
"""How many of which items a resource is, for every type that is charged at rest."""
