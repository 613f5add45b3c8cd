"""GRD-03: a numeric version of the guardrail is pinned, and a change to the guardrail mints a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.policy.document import Document
from infra.unknown import Maybe, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.bedrock import Guardrail, GuardrailVersion
    from infra.posture.model import Posture
    from infra.posture.values import Resource
    from infra.settings import Enclave

KEY = "bedrock:guardrailidentifier"


@control(
    "GRD-03",
    title="a numeric guardrail version is pinned, and a change to the guardrail mints a new one",
    serves=["CM-2"],
    source="Bedrock guide, 'Create and manage guardrail versions'; AWS::Bedrock::GuardrailVersion, read 2026-11-24",
)
def version_is_pinned(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every guardrail's versions, and everything that names a version of one."""
    for guardrail in posture.guardrails:
        versions = [each for each in posture.guardrail_versions if each.guardrail_id == guardrail.id]
        yield from _minted(guardrail, versions)
        yield from (_retained(version) for version in versions)
    pinned = _pinned(posture, settings)
    own = {guardrail.id for guardrail in posture.guardrails}
    for enforced in posture.enforced_guardrails:
        if enforced.guardrail_id not in own and not settings.account_baseline:
            continue  # the account's baseline is another enclave's, and so is the guardrail it enforces
        identifier = f"{enforced.guardrail_id}:{enforced.version}"
        doubt = next((v for v in (enforced.guardrail_id, enforced.version) if isinstance(v, Unknown)), None)
        yield _names(enforced, doubt or identifier, {name.rpartition("guardrail/")[2] for name in pinned})
    for holder, document in _policies(posture):
        for statement in document.statements if isinstance(document, Document) else ():
            for condition in statement.conditions:
                if condition.key.lower() == KEY and condition.operator.lower() != "null":
                    yield from (_names(holder, value, pinned) for value in condition.values)


def _minted(guardrail: Guardrail, versions: list[GuardrailVersion]) -> Iterator[Finding]:
    """One version must be of the guardrail as it now stands.

    A template shows that by the digest of what it says of the guardrail in the version's description, which is
    create-only: other content, other description, new version. An account shows the content of both.
    """
    remedy = "give the version the SHA-256 of the guardrail's properties, name, key and tags apart, as its description"
    if not versions:
        yield falls_short(guardrail, "it has no version", remedy="add an AWS::Bedrock::GuardrailVersion that names it")
        return
    doubts: list[Unknown] = []
    for version in versions:
        same = _same(guardrail, version)
        if same is True:
            yield holds(guardrail, f"{version.ref} is of the guardrail as it stands")
            return
        if isinstance(same, Unknown):
            doubts.append(same)
    if doubts:
        yield unknown(guardrail, f"whether a version is of the guardrail as it stands: {doubts[0]}")
    else:
        witness = f"digest {guardrail.digest}"
        yield falls_short(guardrail, "no version is of the guardrail as it stands", witness=witness, remedy=remedy)


def _same(guardrail: Guardrail, version: GuardrailVersion) -> Maybe[bool]:
    if version.content is not None:
        return version.content == guardrail.content
    for value in (guardrail.digest, version.description):
        if isinstance(value, Unknown):
            return value
    return str(guardrail.digest) in str(version.description)


def _retained(version: GuardrailVersion) -> Finding:
    match version.retained:
        case True:
            return holds(version, "it outlives its replacement")
        case Unknown() as why:
            return unknown(version, why)
        case _:
            remedy = "set DeletionPolicy and UpdateReplacePolicy to Retain"
            return falls_short(version, "it goes when it is replaced, though clients may still name it", remedy=remedy)


def _pinned(posture: Posture, settings: Enclave) -> set[str]:
    """What may be named: each guardrail at one of its versions, the one accepted until the overlap's end included."""
    previous = settings.guardrail.previous
    versions = {(each.guardrail_id, str(each.version)) for each in posture.guardrail_versions}
    versions |= {(each.id, str(previous.version)) for each in posture.guardrails if previous}
    return {f"{each.arn}:{number}" for each in posture.guardrails for of, number in versions if of == each.id}


def _names(holder: Resource, value: Maybe[str], pinned: set[str]) -> Finding:
    if isinstance(value, Unknown):
        return unknown(holder, f"which guardrail it names: {value}")
    if value in pinned:
        return holds(holder, "it names a numeric version")
    return falls_short(
        holder,
        "it names a guardrail that is not pinned to one of the enclave's versions",
        witness=value,
        remedy="name a guardrail of the enclave by its ARN with the number of one of its versions, and not DRAFT",
    )


def _policies(posture: Posture) -> Iterator[tuple[Resource, Maybe[Document]]]:
    """Identity policies; an endpoint's stands before there is a guardrail, and is a layer of its own (INF-01)."""
    for role in posture.roles:
        yield from ((role, policy.document) for policy in role.inline_policies)
    yield from ((policy, policy.document) for policy in posture.managed_policies)
