"""GRD-02: content, prompt-attack, word, personal-data and grounding filters at the agreed strength, blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from infra.posture.aws.bedrock import Guardrail
    from infra.posture.aws.guardrail_content import ContentFilter, GuardrailContent, Term
    from infra.posture.model import Posture
    from infra.settings import Enclave, GuardrailProfile


@control(
    "GRD-02",
    title="content, prompt-attack, word, PII and grounding filters at the agreed strength, blocking",
    serves=["SI-10"],
    source="Bedrock guide, 'Content filters', 'Sensitive information filters', 'Contextual grounding', read 2026-11-24",
)
def filters_are_strong(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every guardrail, against the enclave's profile, which the catalogue keeps from being too weak."""
    for guardrail in posture.guardrails:
        yield from _judged(guardrail, _claims(guardrail.content, settings.profile, settings.region))


def _judged(guardrail: Guardrail, claims: Iterable[tuple[str, Maybe[bool]]]) -> Iterator[Finding]:
    fine = True
    for claim, truth in claims:
        if isinstance(truth, Unknown):
            yield unknown(guardrail, f"{claim}: {truth}")
        elif not truth:
            yield falls_short(guardrail, f"not so: {claim}", witness=claim, remedy="filter as the profile says")
        fine = fine and truth is True
    if fine:
        yield holds(guardrail, "every filter of the profile is there, at its strength, and blocks")


def _claims(content: GuardrailContent, profile: GuardrailProfile, region: str) -> Iterator[tuple[str, Maybe[bool]]]:
    """What must be so."""
    for kind, strength in sorted(profile.content.items()):
        modalities = ["TEXT", *(["IMAGE"] if kind in catalog.image_filters(region) else [])]
        yield from _content(content, kind, strength, strength, modalities)
    yield from _content(content, "PROMPT_ATTACK", profile.prompt_attack, "NONE", ["TEXT"])
    for managed in profile.words.managed:
        yield from _term("managed word list", managed, content.managed_word_lists, "BLOCK")
    for word in profile.words.custom:
        yield from _term("word", word, content.words, "BLOCK")
    for entity, action in sorted(profile.pii.items()):
        enough = ("BLOCK",) if action == "BLOCK" else ("BLOCK", "ANONYMIZE")
        yield from _term("personal data", entity, content.pii, *enough)
    for name, least in (("GROUNDING", profile.grounding.grounding), ("RELEVANCE", profile.grounding.relevance)):
        yield from _grounding(content, name, least)


def _content(
    content: GuardrailContent, kind: str, on_input: str, on_output: str, modalities: list[str]
) -> Iterator[tuple[str, Maybe[bool]]]:
    found = [each for each in content.content_filters if each.type == kind]
    yield f"filter {kind} exists", _exists(found, (each.type for each in content.content_filters))
    for each in found:
        yield f"filter {kind} is {on_input} or stronger on input", _at_least(each.input_strength, on_input)
        yield f"filter {kind} is {on_output} or stronger on output", _at_least(each.output_strength, on_output)
        yield f"filter {kind} blocks on input", each.input.blocks
        if on_output != "NONE":  # AWS has no prompt-attack filter on output
            yield f"filter {kind} blocks on output", each.output.blocks
        yield from _modalities(each, modalities)


def _modalities(each: ContentFilter, modalities: list[str]) -> Iterator[tuple[str, Maybe[bool]]]:
    for side, given in (("input", each.input_modalities), ("output", each.output_modalities)):
        for modality in modalities:
            judged = modality in given or _exists((), given)
            yield f"filter {each.type} judges {modality} on {side}", judged


def _term(what: str, name: str, terms: tuple[Term, ...], *actions: str) -> Iterator[tuple[str, Maybe[bool]]]:
    found = [each for each in terms if each.name == name]
    yield f"{what} {name} is looked for", _exists(found, (each.name for each in terms))
    for each in found:
        yield f"{what} {name} is {' or '.join(actions)} on input", each.input.does(*actions)
        yield f"{what} {name} is {' or '.join(actions)} on output", each.output.does(*actions)


def _grounding(content: GuardrailContent, kind: str, least: float) -> Iterator[tuple[str, Maybe[bool]]]:
    found = [each for each in content.grounding if each.type == kind]
    yield f"grounding filter {kind} exists", _exists(found, (each.type for each in content.grounding))
    for each in found:
        enough = each.threshold if isinstance(each.threshold, Unknown) else each.threshold >= least
        yield f"grounding filter {kind} blocks below {least}", all_of((enough, each.way.blocks))


def _exists(found: Sequence[object], names: Iterable[object]) -> Maybe[bool]:
    """Whether something was found; one whose name cannot be read may be it."""
    if found:
        return True
    return next((name for name in names if isinstance(name, Unknown)), False)


def _at_least(strength: Maybe[str], least: str) -> Maybe[bool]:
    if isinstance(strength, Unknown):
        return strength
    order = catalog.STRENGTHS
    return strength in order and order.index(strength) >= order.index(least)
