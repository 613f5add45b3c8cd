"""Inference planes: every way AWS offers to make a model answer, and the IAM actions that do it.

`Responses` and `Chat Completions` on bedrock-runtime are authorised as InvokeModel, without a guardrail: a Deny where
`bedrock:GuardrailIdentifier` is absent stops them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from infra.catalog.source import Source, data, names, source

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Plane:
    """A way to make a model answer (or reach the web): allowed with its guardrail, or refused."""

    id: str
    verdict: Literal["allowed", "refused"]
    guardrail: bool
    """Whether IAM can require a guardrail on it (`bedrock:GuardrailIdentifier`)."""
    endpoints: tuple[str, ...]
    """Short names of the endpoint services it answers on."""
    actions: tuple[str, ...]
    """IAM actions, `namespace:Name`, sorted."""
    patterns: tuple[str, ...]
    """The same actions in few IAM patterns, for a Deny. They may refuse more that makes or changes something in the
    namespace; they match nothing that is allowed, that only reads or labels, or that sets a safeguard."""
    why: str
    source: Source


@dataclass(frozen=True, slots=True)
class Namespace:
    """One IAM namespace that can reach models: each of its actions is in a plane, or irrelevant with a reason."""

    name: str
    planes: tuple[Plane, ...]
    irrelevant: Mapping[str, str]
    """IAM action → why it makes no model answer."""
    operations: Mapping[str, str]
    """API operation → IAM action that authorises it, where the names differ."""
    source: Source


def _namespace(name: str) -> Namespace:
    whole = data(f"planes/{name}.yaml")
    return Namespace(
        name=name,
        planes=tuple(
            Plane(
                id=entry["plane"],
                verdict=entry["verdict"],
                guardrail=entry.get("guardrail", False),
                endpoints=tuple(entry.get("endpoints", ())),
                actions=tuple(sorted(f"{name}:{action}" for action in entry["actions"])),
                patterns=tuple(f"{name}:{pattern}" for pattern in entry.get("patterns", ())),
                why=entry["why"],
                source=source(entry if "source" in entry else whole),
            )
            for entry in whole["planes"]
        ),
        irrelevant=MappingProxyType(
            {
                f"{name}:{action}": group["why"]
                for group in whole.get("irrelevant", ())
                for action in sorted(group["actions"])
            }
        ),
        operations=MappingProxyType(
            {operation: f"{name}:{action}" for operation, action in sorted(whole.get("operations", {}).items())}
        ),
        source=source(whole),
    )


@cache
def namespaces() -> Mapping[str, Namespace]:
    """Every IAM namespace that can reach models, by name: one file each."""
    return MappingProxyType({name: _namespace(name) for name in names("planes")})


@cache
def planes() -> tuple[Plane, ...]:
    """Every plane of every namespace."""
    return tuple(plane for namespace in namespaces().values() for plane in namespace.planes)
