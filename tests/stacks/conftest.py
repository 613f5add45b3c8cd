"""Each stack's template, synthesised once per session: the default enclave, and one whose evidence lies elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from infra.settings import Enclave, load
from stacks.archive import Archive
from stacks.enclave import Enclave as Stacks
from stacks.foundation import Foundation
from stacks.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE_ACCOUNT = "444455556666"


@dataclass(frozen=True)
class Core:
    """The templates of Archive, Foundation and Network, with the settings they were made from."""

    settings: Enclave
    archive: Template
    foundation: Template
    network: Template
    needs: dict[str, set[str]]
    """Stack → the stacks that are deployed before it."""

    def all(self) -> dict[str, dict[str, Any]]:
        return {part: getattr(self, part).to_json() for part in ("archive", "foundation", "network")}


def synthesise(settings: Enclave, context: dict[str, Any] | None = None) -> Core:
    """Build the three stacks as the application would, with the feature flags of cdk.json and what `context` adds."""
    app = App(
        context={**json.loads((ROOT / "cdk.json").read_text())["context"], **(context or {})},
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    archive = Archive(app, "Archive", settings=settings)
    foundation = Foundation(app, "Foundation", settings=settings, archive=archive)
    network = Network(app, "Network", settings=settings, foundation=foundation, archive=archive)
    return Core(
        settings=settings,
        archive=Template.from_stack(archive),
        foundation=Template.from_stack(foundation),
        network=Template.from_stack(network),
        needs={
            stack.node.id: {needed.node.id for needed in stack.dependencies} for stack in (archive, foundation, network)
        },
    )


def changed(settings: Enclave, **changes: Any) -> Enclave:
    """The same enclave with some settings changed, guardrail profile kept."""
    return settings.model_copy(update=changes)


@pytest.fixture(scope="session")
def sandbox() -> Enclave:
    return load(ROOT / "enclaves" / "sandbox.yaml")


@pytest.fixture(scope="session")
def synth() -> Callable[..., Core]:
    return synthesise


@pytest.fixture(scope="session")
def core(sandbox: Enclave) -> Core:
    return synthesise(sandbox)


@pytest.fixture(scope="session")
def two_accounts(sandbox: Enclave) -> Core:
    accounts = sandbox.accounts.model_copy(update={"evidence": EVIDENCE_ACCOUNT})
    return synthesise(changed(sandbox, accounts=accounts))


OPERATORS = {
    "StringEquals": lambda got, wanted: got in wanted,
    "ArnLike": lambda got, wanted: any(fnmatchcase(got, one) for one in wanted),
    "DateGreaterThanEquals": lambda got, wanted: any(got >= one for one in wanted),
}


def holds(operator: str, wanted: list[str], got: str | None) -> bool:
    """One condition, as AWS decides it: a negated operator and an IfExists one are true for an absent key."""
    name, if_exists = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    if name == "Null":
        return (got is None) == (wanted == ["true"])
    negated = "Not" in name
    if got is None:
        return negated or if_exists
    return OPERATORS[name.replace("Not", "")](got, wanted) != negated


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def applies(statement: dict[str, Any], action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether a statement speaks about a request."""

    def matches(element: str, value: str) -> bool:
        if (patterns := statement.get(element)) is not None:
            return any(fnmatchcase(value, pattern) for pattern in listed(patterns))
        return not any(fnmatchcase(value, pattern) for pattern in listed(statement[f"Not{element}"]))

    return (
        matches("Action", action)
        and matches("Resource", resource)
        and all(
            holds(operator, listed(wanted), context.get(key))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def decide(documents: list[dict[str, Any]], action: str, resource: str, context: dict[str, str]) -> bool:
    """Whether identity policies allow a request: some statement allows it and none denies it."""
    effects = {
        one["Effect"]
        for document in documents
        for one in document["Statement"]
        if applies(one, action, resource, context)
    }
    return effects == {"Allow"}


def resolve(value: Any, known: dict[str, str]) -> Any:
    """A template value with its intrinsics replaced: what `known` names by its value, the rest by a readable name."""
    if isinstance(value, list):
        return [resolve(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    match list(value.items()):
        case [("Ref", name)]:
            return known.get(name, name)
        case [("Fn::GetAtt", [name, attribute])]:
            return known.get(f"{name}.{attribute}", f"{name}.{attribute}")
        case [("Fn::ImportValue", name)]:
            return known.get(name, name)
        case [("Fn::Join", [separator, parts])]:
            return separator.join(resolve(parts, known))
    return {key: resolve(one, known) for key, one in value.items()}


@dataclass(frozen=True)
class Policies:
    """How tests ask what policies of a template permit."""

    decide: Callable[[list[dict[str, Any]], str, str, dict[str, str]], bool]
    resolve: Callable[[Any, dict[str, str]], Any]


@pytest.fixture(scope="session")
def policies() -> Policies:
    return Policies(decide=decide, resolve=resolve)


def enclave_templates(settings: Enclave) -> dict[str, dict[str, Any]]:
    """All templates of an enclave, by part: archive, foundation, network, inference, access, hosting."""
    app = App(
        context=json.loads((ROOT / "cdk.json").read_text())["context"],
        analytics_reporting=False,
        builtin_cloud_formation_validation=False,
    )
    Stacks(app, settings.name, settings=settings)
    return {
        stack.stack_name.removeprefix(f"{settings.name}-"): stack.template for stack in app.synth().stacks_recursively
    }


@pytest.fixture(scope="session")
def enclave_synth() -> Callable[[Enclave], dict[str, dict[str, Any]]]:
    return enclave_templates


@pytest.fixture(scope="session")
def whole(sandbox: Enclave) -> dict[str, dict[str, Any]]:
    """The templates of the default enclave."""
    return enclave_templates(sandbox)
