"""Names: told apart, and refused where some resource of that name would be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.settings.rules.rule import Fault, fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.settings.enclave import Assumption, Consumer, Hosting, Waiver
    from infra.settings.problem import Key
    from infra.settings.profile import Topic

RESERVED_NAMES = {
    "agreement": "enclaves/agreement.yaml describes the agreement, not an enclave",
    "aws": "AWS keeps names that begin with aws for itself",
    "amzn": "AWS keeps names that begin with amzn for itself",
    "sthree": "S3 refuses buckets that begin with sthree-",
    "sg": "EC2 refuses security groups that begin with sg-",
    "xn": "S3 refuses buckets that begin with xn-",
}
"""First words that a name cannot have, because some resource of that name would be refused.

Sources: AWS documentation, S3 bucket naming rules; CreateSecurityGroup and SSM PutParameter, botocore 1.44.5; read
2026-11-24."""


@rule
def names_are_not_reserved(name: str, consumers: tuple[Consumer, ...], hosting: Hosting | None) -> Iterator[Fault]:
    """No name begins with a word that AWS or the project keeps."""
    names: list[tuple[Key, str]] = [(("name",), name)]
    names += [(("consumers", index, "name"), consumer.name) for index, consumer in enumerate(consumers)]
    names += [(("hosting", "name"), hosting.name)] if hosting else []
    for key, each in names:
        if why := RESERVED_NAMES.get(each.split("-")[0]):
            yield fault(key, f"name {each!r} cannot be used: {why}", "a name that begins otherwise")


@rule
def consumers_are_named_once(consumers: tuple[Consumer, ...]) -> Iterator[Fault]:
    """A consumer is told apart by its name, and names each role once."""
    yield from _twice("consumers", "name", [consumer.name for consumer in consumers])
    for index, consumer in enumerate(consumers):
        for n, arn in enumerate(consumer.principals):
            if arn in consumer.principals[:n]:
                yield fault(("consumers", index, "principals", n), f"{arn!r} is here twice", "each role once")


@rule
def assumptions_are_named_once(assumptions: tuple[Assumption, ...]) -> Iterator[Fault]:
    """An assumption is told apart by its id."""
    yield from _twice("assumptions", "id", [assumption.id for assumption in assumptions])


@rule
def waivers_stand_once(waivers: tuple[Waiver, ...]) -> Iterator[Fault]:
    """A waiver is for one finding, and has one owner and one last day."""
    yield from _twice("waivers", "subject", [f"{waiver.control} {waiver.subject}" for waiver in waivers])


@rule
def topics_are_named_once(topics: tuple[Topic, ...]) -> Iterator[Fault]:
    """A guardrail tells its topics apart by name."""
    yield from _twice("topics", "name", [topic.name for topic in topics])


def _twice(section: str, name: str, values: list[str]) -> Iterator[Fault]:
    for index, value in enumerate(values):
        if value in values[:index]:
            where = f"{section}[{values.index(value)}]"
            yield fault((section, index, name), f"{name} {value!r} is used by {where} already", "each once")


@rule
def tag_keys_differ(tags: Mapping[str, str]) -> Iterator[Fault]:
    """IAM takes keys that differ only in case for the same."""
    seen: dict[str, str] = {}
    for key in tags:
        if key.lower() in seen:
            yield fault(("tags", key), f"tag {key!r} differs from {seen[key.lower()]!r} only in case", "one of them")
        seen.setdefault(key.lower(), key)
