"""What the agreement has every guardrail profile hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.settings.rules.rule import Fault, fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.settings.profile import Topic


@rule
def required_topics_stand(topics: tuple[Topic, ...]) -> Iterator[Fault]:
    """The agreement's topics are there, and still say what they are for."""
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


@rule
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
