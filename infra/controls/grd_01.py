"""GRD-01: the agreement's topics are denied, on input and output, and blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.bedrock import Guardrail
    from infra.posture.aws.guardrail_content import Topic
    from infra.posture.model import Posture
    from infra.settings import Enclave

AS_THE_PROFILE = "with the profile's definition and examples, type DENY, and BLOCK enabled on input and output"


@control(
    "GRD-01",
    title="the agreement's denied topics exist, on input and output, blocking",
    serves=["P1", "P2", "P3"],
    source="Bedrock guide, 'Block denied topics'; GuardrailTopicConfig of botocore 1.44.5, read 2026-11-24",
)
def topics_are_denied(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every guardrail, against the topics that the agreement requires and those of the enclave's profile."""
    required = {topic.name: topic for topic in catalog.required_topics()}
    wanted = {topic.name: (topic.definition, topic.examples) for topic in settings.profile.topics}
    for name, topic in required.items():
        missing = "the profile lacks it" if name not in wanted else topic.shortfall(*wanted[name])
        if missing:
            where = f"enclaves/profiles/{settings.guardrail.profile}.yaml"
            remedy = f"give the profile topic {name}, with a definition and examples of what the agreement denies"
            yield falls_short(where, f"topic {name} of the agreement: {missing}", remedy=remedy)
    for guardrail in posture.guardrails:
        for name, (definition, examples) in wanted.items():
            yield from _denied(guardrail, name, definition, examples)


def _denied(guardrail: Guardrail, name: str, definition: str, examples: tuple[str, ...]) -> Iterator[Finding]:
    found = [topic for topic in guardrail.content.topics if topic.name == name]
    if not found:
        unread = next((topic.name for topic in guardrail.content.topics if isinstance(topic.name, Unknown)), None)
        if unread:
            yield unknown(guardrail, f"whether topic {name} is denied: {unread}")
        else:
            remedy = f"add topic {name} to TopicPolicyConfig, {AS_THE_PROFILE}"
            yield falls_short(guardrail, f"topic {name} is not denied", witness=name, remedy=remedy)
    for topic in found:
        yield _as_wanted(guardrail, topic, definition, examples)


def _as_wanted(guardrail: Guardrail, topic: Topic, definition: str, examples: tuple[str, ...]) -> Finding:
    remedy = f"write topic {topic.name} in TopicPolicyConfig {AS_THE_PROFILE}"
    aspects = (
        ("its type is not DENY", topic.type, topic.type == "DENY"),
        ("it is not blocked on input", topic.input.blocks, topic.input.blocks),
        ("it is not blocked on output", topic.output.blocks, topic.output.blocks),
        ("its definition is not the profile's", topic.definition, topic.definition == definition),
    )
    for shortfall, value, good in aspects:
        if isinstance(value, Unknown):
            return unknown(guardrail, f"topic {topic.name}: {value}")
        if not good:
            return falls_short(guardrail, f"topic {topic.name}: {shortfall}", witness=topic, remedy=remedy)
    if why := next((each for each in topic.examples if isinstance(each, Unknown)), None):
        return unknown(guardrail, f"topic {topic.name}: {why}")
    if missing := sorted(set(examples) - set(topic.examples)):
        return falls_short(guardrail, f"topic {topic.name}: examples are missing", witness=missing[0], remedy=remedy)
    return holds(guardrail, f"topic {topic.name} is denied")
