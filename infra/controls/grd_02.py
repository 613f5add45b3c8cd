"""GRD-02: content, prompt-attack, word, personal-data and grounding filters at the agreed strength, blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.claims import Claim, judged
from infra.controls.framework import control
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from infra.controls.finding import Finding
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
        claims = _claims(guardrail.content, settings.profile, settings.region)
        yield from judged(guardrail, claims, held="every filter of the profile is there, at its strength, and blocks")


def _claims(content: GuardrailContent, profile: GuardrailProfile, region: str) -> Iterator[Claim]:
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
) -> Iterator[Claim]:
    found = [each for each in content.content_filters if each.type == kind]
    of = f"of filter {kind} in ContentPolicyConfig"
    yield Claim(
        f"filter {kind} exists",
        _exists(found, (each.type for each in content.content_filters)),
        f"add filter {kind} to ContentPolicyConfig: InputStrength {on_input}, OutputStrength {on_output}",
    )
    for each in found:
        for side, strength, least in (
            ("input", each.input_strength, on_input),
            ("output", each.output_strength, on_output),
        ):
            says = f"filter {kind} is {least} or stronger on {side}"
            yield Claim(says, _at_least(strength, least), f"set {side.capitalize()}Strength {of} to {least}")
        yield Claim(f"filter {kind} blocks on input", each.input.blocks, f"{_blocking('Input')} {of}")
        if on_output != "NONE":  # AWS has no prompt-attack filter on output
            yield Claim(f"filter {kind} blocks on output", each.output.blocks, f"{_blocking('Output')} {of}")
        yield from _modalities(each, modalities)


def _blocking(side: str) -> str:
    return f"set {side}Enabled to true and {side}Action to BLOCK"


def _modalities(each: ContentFilter, modalities: list[str]) -> Iterator[Claim]:
    for side, given in (("input", each.input_modalities), ("output", each.output_modalities)):
        for modality in modalities:
            looked_at = modality in given or _exists((), given)
            remedy = f"add {modality} to {side.capitalize()}Modalities of filter {each.type} in ContentPolicyConfig"
            yield Claim(f"filter {each.type} judges {modality} on {side}", looked_at, remedy)


def _term(what: str, name: str, terms: tuple[Term, ...], *actions: str) -> Iterator[Claim]:
    found = [each for each in terms if each.name == name]
    either = " or ".join(actions)
    policy = "SensitiveInformationPolicyConfig" if what == "personal data" else "WordPolicyConfig"
    yield Claim(
        f"{what} {name} is looked for",
        _exists(found, (each.name for each in terms)),
        f"add {name} to {policy}, with InputAction and OutputAction {either}, both enabled",
    )
    for each in found:
        for side, way in (("Input", each.input), ("Output", each.output)):
            remedy = f"set {side}Enabled to true and {side}Action to {either} for {name} in {policy}"
            yield Claim(f"{what} {name} is {either} on {side.lower()}", way.does(*actions), remedy)


def _grounding(content: GuardrailContent, kind: str, least: float) -> Iterator[Claim]:
    found = [each for each in content.grounding if each.type == kind]
    remedy = (
        f"{{}} filter {kind} {{}} ContextualGroundingPolicyConfig with Threshold {least}, Action BLOCK, and Enabled"
    )
    says = f"grounding filter {kind} exists"
    yield Claim(says, _exists(found, (each.type for each in content.grounding)), remedy.format("add", "to"))
    for each in found:
        enough = each.threshold if isinstance(each.threshold, Unknown) else each.threshold >= least
        says = f"grounding filter {kind} blocks below {least}"
        yield Claim(says, all_of((enough, each.way.blocks)), remedy.format("set", "of"))


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
