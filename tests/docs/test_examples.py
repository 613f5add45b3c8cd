"""What the pages show is so: settings that load, pipelines that parse, names that the templates have."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.controls.framework import controls
from infra.controls.generated import FAMILIES
from infra.controls.generated import generated as controls_page
from infra.local.limits import LIMITS
from infra.local.server import Server
from infra.settings import loads
from tests.docs.conftest import PAGES, ROOT, Page

README = Page(ROOT / "README.md")
GUIDES = ROOT / "docs/guides"
ENGINEER = Page(GUIDES / "platform-engineer.md")
OUTPUTS = re.compile(r"((?:`[A-Z]\w+`(?:, | and | are outputs )?)+) ?(?:of|\(output of\)) `(?:NAME|research)-(\w+)`")


def settings_shown() -> str:
    """The guide's whole settings file."""
    (whole,) = [block for block in ENGINEER.blocks("yaml") if block.startswith("schema: 1")]
    return whole


def test_the_settings_shown_are_valid() -> None:
    enclave = loads(settings_shown(), Path("enclaves/research.yaml"))
    assert enclave.warnings == ()


def test_the_overlap_shown_is_valid() -> None:
    (overlap,) = [block for block in ENGINEER.blocks("yaml") if block.startswith("guardrail:")]
    kept = "guardrail:\n  profile: baseline\n"
    assert overlap.startswith(kept)
    assert kept in settings_shown()
    enclave = loads(settings_shown().replace(kept, overlap), Path("enclaves/research.yaml"))
    assert enclave.guardrail.previous is not None


def test_the_assumption_shown_is_valid() -> None:
    (assumed,) = [block for block in ENGINEER.blocks("yaml") if block.startswith("assumptions:")]
    apart = settings_shown().replace('evidence: "444455556666"', 'evidence: "555566667777"')
    enclave = loads(apart.replace("assumptions:\n", assumed), Path("enclaves/research.yaml"))
    assert [each.control for each in enclave.assumptions] == ["EVD-06", "NET-03"]


def test_pipelines_are_yaml() -> None:
    blocks = Page(GUIDES / "ci.md").blocks("yaml")
    assert len(blocks) == 2
    for block in blocks:
        assert isinstance(yaml.safe_load(block), dict)


def test_python_shown_is_python() -> None:
    for path in PAGES:
        for block in Page(path).blocks("python"):
            ast.parse(block)


def test_the_environment_shown_is_what_the_server_prints() -> None:
    known = {"port": 5055, "account": "111122223333", "region": "us-gov-west-1"}
    stopped: dict[str, Any] = {field.name: known.get(field.name) for field in fields(Server)}
    server = Server(**stopped)
    printed = "\n".join(f"export {name}={value}" for name, value in server.environment.items())
    assert any(printed in block for block in ENGINEER.blocks("console"))


def test_the_readme_tells_every_limit() -> None:
    told = re.findall(r"^  - (.+)$", README.prose, re.MULTILINE)
    assert told == list(LIMITS)


def test_controls_to_come_are_not_there_yet() -> None:
    (to_come,) = re.findall(r"\(((?:[A-Z]{3}-\d\d(?: to | and |, )?)+)\) comes? with the next versions", README.prose)
    ends = re.findall(r"([A-Z]{3})-(\d\d)(?: to [A-Z]{3}-(\d\d))?", to_come)
    named = {f"{family}-{n:02}" for family, low, high in ends for n in range(int(low), int(high or low) + 1)}
    assert len(named) > 5
    assert not named & {each.id for each in controls()}


def test_the_summary_shown_counts_the_controls_there_are() -> None:
    (shown,) = [block for block in README.blocks("text") if "enclave sandbox on the embedded AWS" in block]
    ids = [each.id for each in controls()]
    for family in sorted({each.family for each in controls()}):
        count = sum(each.startswith(family) for each in ids)
        assert re.search(rf"\b{family} +{count} of {count} +{count} of {count}", shown), family
    *stacks, total = (int(n) for n in re.findall(r"^  (?:sandbox-\w+|\d stacks) +(\d+) ", shown, re.MULTILINE))
    assert sum(stacks) == total


def test_every_output_named_is_one(assembly: Path) -> None:
    named = [
        (name, stack)
        for path in GUIDES.glob("*.md")
        for names, stack in OUTPUTS.findall(Page(path).prose)
        for name in re.findall(r"`(\w+)`", names)
    ]
    assert len(named) > 8
    stacks = {
        artifact["properties"]["stackName"]: json.loads((assembly / artifact["properties"]["templateFile"]).read_text())
        for artifact in json.loads((assembly / "manifest.json").read_text())["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    }
    for name, stack in named:
        assert name in stacks[f"sandbox-{stack}"]["Outputs"], (name, stack)


@pytest.mark.parametrize("path", [path for path, _ in controls_page()], ids=str)
def test_the_list_of_controls_is_as_it_would_be_written(path: Path) -> None:
    assert (ROOT / path).read_text() == dict(controls_page())[path], "run `make generated`"


def test_every_control_is_in_a_family_and_on_the_page() -> None:
    ((_, page),) = controls_page()
    for each in controls():
        assert each.family in FAMILIES
        assert f"\n### {each.id}\n" in page
        assert each.source in page
