"""Each stack's template, synthesised once per session: the default enclave, and one whose evidence lies elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template

from infra.settings import Enclave, load
from stacks.archive import Archive
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

    def all(self) -> dict[str, dict[str, Any]]:
        return {part: getattr(self, part).to_json() for part in ("archive", "foundation", "network")}


def synthesise(settings: Enclave) -> Core:
    """Build the three stacks as the application would, with the feature flags of cdk.json."""
    app = App(
        context=json.loads((ROOT / "cdk.json").read_text())["context"],
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
    )


def changed(settings: Enclave, **changes: Any) -> Enclave:
    """The same enclave with some settings changed, guardrail profile kept."""
    return settings.model_copy(update=changes)


@pytest.fixture(scope="session")
def sandbox() -> Enclave:
    return load(ROOT / "enclaves" / "sandbox.yaml")


@pytest.fixture(scope="session")
def synth() -> Callable[[Enclave], Core]:
    return synthesise


@pytest.fixture(scope="session")
def core(sandbox: Enclave) -> Core:
    return synthesise(sandbox)


@pytest.fixture(scope="session")
def two_accounts(sandbox: Enclave) -> Core:
    accounts = sandbox.accounts.model_copy(update={"evidence": EVIDENCE_ACCOUNT})
    return synthesise(changed(sandbox, accounts=accounts))
