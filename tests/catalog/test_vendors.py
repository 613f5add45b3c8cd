"""Vendors, models and routings."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra import catalog

WEST, EAST = "us-gov-west-1", "us-gov-east-1"


def kinds(model: str, region: str) -> list[str]:
    return [routing.kind for routing in catalog.routings(model, region)]


@pytest.mark.parametrize(
    ("model", "west", "east"),
    [
        ("openai.gpt-oss-120b-1:0", ["region"], ["profile"]),
        ("openai.gpt-5.6-terra", ["profile"], ["profile"]),
        ("anthropic.claude-opus-5", ["region"], ["profile"]),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", ["profile"], ["profile"]),
        ("amazon.nova-pro-v1:0", ["region"], []),
        ("amazon.titan-embed-text-v2:0", ["region"], ["region"]),
        ("xai.grok-4.6", ["profile"], ["profile"]),
        ("openai.gpt-5.4", [], []),  # on bedrock-mantle only, where no guardrail exists
    ],
)
def test_a_model_is_reached_as_its_vendor_offers_it(model: str, west: list[str], east: list[str]) -> None:
    assert (kinds(model, WEST), kinds(model, EAST)) == (west, east)


def test_a_routing_by_region_stays_in_its_region() -> None:
    (routing,) = catalog.routings("openai.gpt-oss-20b-1:0", WEST)
    assert (routing.profile, routing.destinations) == (None, (WEST,))


def test_every_destination_lies_in_the_partition_of_the_caller() -> None:
    for model in catalog.models().values():
        for region, routings in model.routings.items():
            partition = catalog.region(region).partition
            assert {catalog.region(to).partition for r in routings for to in r.destinations} == {partition}


def test_every_profile_is_of_its_model_and_its_partition() -> None:
    for model in catalog.models().values():
        for routing in (r for ways in model.routings.values() for r in ways if r.kind == "profile"):
            assert routing.profile == f"us-gov.{model.id}"


def test_a_model_id_begins_with_its_vendor() -> None:
    assert {model.id for model in catalog.models().values() if not model.id.startswith(f"{model.vendor}.")} == set()


def test_an_unknown_model_is_no_model() -> None:
    with pytest.raises(KeyError):
        catalog.model("openai.gpt-2")


def test_a_new_vendor_is_one_file(tmp_path: Path) -> None:
    data = tmp_path / "infra" / "catalog" / "data"
    shutil.copytree(Path(catalog.__file__).parent, data.parent)
    (tmp_path / "infra" / "__init__.py").touch()
    text = (data / "vendors" / "xai.yaml").read_text()
    (data / "vendors" / "acme.yaml").write_text(text.replace("xai", "acme").replace("grok-4.6", "anvil-1"))
    program = "from infra import catalog; print([r.profile for r in catalog.routings('acme.anvil-1', 'us-gov-east-1')])"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['us-gov.acme.anvil-1']"
